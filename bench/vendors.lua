-- Searches at many gateways in turn: lines "host token" of the file GATEWAYS.
-- Counts answers in which not every source is complete.
local all = {}
for line in io.lines(os.getenv("GATEWAYS")) do
	local host, token = line:match("^(%S+) (%S+)$")
	all[#all + 1] = { host = host, token = token }
end
local body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{"query":"lease renewal"},'
	.. '"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}'

local threads = 0
function setup(thread)
	thread:set("at", math.floor(threads * #all / 2))
	threads = threads + 1
end

function init()
	wrong = 0
end

function request()
	local one = all[at % #all + 1]
	at = at + 1
	return wrk.format("POST", "/", {
		["Host"] = one.host,
		["Authorization"] = "Bearer " .. one.token,
		["Content-Type"] = "application/json",
		["Accept"] = "application/json, text/event-stream",
		["MCP-Protocol-Version"] = "2026-07-28",
		["Mcp-Method"] = "tools/call",
		["Mcp-Name"] = "search",
	}, body)
end

function response(status, headers, text)
	local _, complete = text:gsub('"state":"complete"', "")
	-- the text says it once more, escaped
	if status ~= 200 or complete < 3 then
		wrong = wrong + 1
		if wrong == 1 then
			io.stderr:write(status, " ", text:sub(1, 2000), "\n")
		end
	end
end

function done(summary, latency, requests)
	io.write(string.format("%d searches, %.0f/s, p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, most %.1f ms, %d errors\n",
		summary.requests, summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(90) / 1000,
		latency:percentile(99) / 1000, latency.max / 1000, summary.errors.status + summary.errors.timeout + summary.errors.read))
end
