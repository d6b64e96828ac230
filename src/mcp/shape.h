/* Parts of JSON Schemas that several tools have. */
#ifndef GATEHOUSE_MCP_SHAPE_H
#define GATEHOUSE_MCP_SHAPE_H

// clang-format off
/* The member of an answer that answer_coverage() fills. */
#define SOURCES_SHAPE \
	"\"sources\":{\"type\":\"array\",\"description\":\"What each source " \
	"contributed.\",\"items\":{\"type\":\"object\",\"properties\":{" \
	"\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"}," \
	"\"type\":{\"type\":\"string\"}," \
	"\"state\":{\"type\":\"string\",\"enum\":[\"complete\",\"partial\"," \
	"\"timed_out\",\"throttled\",\"unauthorized\",\"not_connected\"," \
	"\"failed\"]}," \
	"\"count\":{\"type\":\"integer\"}," \
	"\"help\":{\"type\":\"string\",\"description\":\"What would help.\"}}," \
	"\"required\":[\"id\",\"name\",\"type\",\"state\",\"count\"]}}"
// clang-format on

#endif
