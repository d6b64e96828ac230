/* What a server with a source of Snowflake offers beside search and fetch. */
#ifndef GATEHOUSE_MCP_SNOWFLAKE_TOOLS_H
#define GATEHOUSE_MCP_SNOWFLAKE_TOOLS_H

struct offer;

extern const struct offer snowflake_offer;

#endif
