-- wrk: tools/list of the revision 2026-07-28, as one POST. Arguments: token.
function init(args)
	wrk.method = "POST"
	wrk.path = "/"
	wrk.headers["Authorization"] = "Bearer " .. args[1]
	wrk.headers["Content-Type"] = "application/json"
	wrk.headers["Accept"] = "application/json, text/event-stream"
	wrk.headers["MCP-Protocol-Version"] = "2026-07-28"
	wrk.headers["Mcp-Method"] = "tools/list"
	wrk.body = [[{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{]]
		.. [["io.modelcontextprotocol/protocolVersion":"2026-07-28",]]
		.. [["io.modelcontextprotocol/clientCapabilities":{}}}}]]
end
