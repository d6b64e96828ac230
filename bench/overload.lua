-- One request again and again: the line METHOD PATH of the file REQUEST, then
-- headers, a blank line and the body. PAUSE: milliseconds between an answer and
-- the next request of a connection, so that the load does not depend on how
-- quick the answers are.
local lines = io.lines(os.getenv("REQUEST"))
local pause = tonumber(os.getenv("PAUSE"))

wrk.method, wrk.path = lines():match("^(%S+) (%S+)$")
for line in lines do
	if line == "" then break end
	local name, value = line:match("^([^:]+): (.*)$")
	wrk.headers[name] = value
end
wrk.body = lines()

-- Not all at once, but spread from the first.
if pause > 0 then
	function delay()
		return math.random(math.floor(pause / 2), math.ceil(pause * 1.5))
	end
end
