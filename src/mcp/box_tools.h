/* What a server with a source of Box offers beside search and fetch. */
#ifndef GATEHOUSE_MCP_BOX_TOOLS_H
#define GATEHOUSE_MCP_BOX_TOOLS_H

struct offer;

extern const struct offer box_offer;

#endif
