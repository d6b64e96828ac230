/* What a server with a source of Outlook offers beside search and fetch. */
#ifndef GATEHOUSE_MCP_OUTLOOK_TOOLS_H
#define GATEHOUSE_MCP_OUTLOOK_TOOLS_H

struct offer;

extern const struct offer outlook_offer;

#endif
