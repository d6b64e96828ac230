-- Searches for the lines of the file QUERIES, each thread from a place of its
-- own; counts answers that are no results.
local token, host = os.getenv("TOKEN"), os.getenv("GATEWAY")
local bodies = {}

for line in io.lines(os.getenv("QUERIES")) do
	bodies[#bodies + 1] = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{"query":"'
		.. line .. '"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",'
		.. '"io.modelcontextprotocol/clientCapabilities":{}}}}'
end

local threads = 0
function setup(thread)
	thread:set("at", threads * 97)
	threads = threads + 1
end

function init()
	wrong = 0
end

function request()
	at = at + 1
	return wrk.format("POST", "/", {
		["Host"] = host,
		["Authorization"] = "Bearer " .. token,
		["Content-Type"] = "application/json",
		["Accept"] = "application/json, text/event-stream",
		["MCP-Protocol-Version"] = "2026-07-28",
		["Mcp-Method"] = "tools/call",
		["Mcp-Name"] = "search",
	}, bodies[at % #bodies + 1])
end

function response(status, headers, body)
	if status ~= 200 or not body:find('"state":"complete"', 1, true) then
		wrong = wrong + 1
		if wrong == 1 then
			io.stderr:write(status, " ", body:sub(1, 200), "\n")
		end
	end
end

function done(summary, latency, requests)
	print(string.format("%d searches, %.0f/s, p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, most %.1f ms",
		summary.requests, summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3,
		latency:percentile(90) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
