/* What every gateway offers, whatever its sources: the tools search and fetch
 * in the shape ChatGPT's connectors ask for, each document and result as a
 * resource, and a few prompts. */
#ifndef GATEHOUSE_MCP_GATEWAY_H
#define GATEHOUSE_MCP_GATEWAY_H

struct offer;

extern const struct offer gateway_offer;

#endif
