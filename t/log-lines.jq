# Prints each line of a worker's log that is not as it has to be (LA-1): an event
# that is none of these, other members, or a member of another form. A new event
# is a new row.

def members: {
	"request at the app": ["client", "fault", "method", "milliseconds", "note", "request_id", "route", "session_id", "status", "user_id", "where"],
	"request at a gateway": ["client", "fault", "method", "milliseconds", "note", "request_id", "route", "server_id", "status", "token_id", "user_id", "where"],
	"audit-lost": ["note", "request_id"],
	"publisher-failed": ["note", "request_id"],
	"rehash-later": ["request_id", "user_id"],
	"rerank-failed": ["note", "request_id"],
	"rpc-error": ["fault", "method", "note", "request_id", "revision", "where"],
	"source-failed": ["kind", "note", "request_id", "source"],
	"source-unknown": ["kind", "request_id"],
	"start": ["doubt"],
	"tool-failed": ["fault", "note", "request_id", "tool"],
	"unhealthy": ["note", "request_id", "where"],
	"vendor-grants": ["kind", "request_id", "rights", "source"],
	"vendor-needs": ["kind", "rights"],
	"vendor-state": ["note", "request_id", "source", "where"],
	"worker-start": ["threads"],
	"worker-stop": ["requests_cut", "signal"]
};

def form: {
	time: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$",
	level: "^(debug|info|warning|error)$",
	program: "^[a-z-]+$",
	request_id: "^[0-9a-f]{32}$",
	method: "^[A-Za-z/_()-]+$",
	route: "^(/.*|\\(none\\))$",
	status: "^[1-5][0-9][0-9]$",
	milliseconds: "^[0-9]+$",
	user_id: "^([0-9a-f-]{36})?$",
	session_id: "^([0-9a-f-]{36})?$",
	server_id: "^([0-9a-f-]{36})?$",
	token_id: "^([0-9a-f-]{36})?$",
	source: "^[0-9a-f-]{36}$",
	client: "^[0-9a-f.:]+$",
	fault: "^[A-Z_]*$"
};

# The rows that an event may have; the mcp program serves some paths of the app.
def rows: members[.event],
	if .event != "request" then empty
	else members["request at the app"], (select(.program | startswith("mcp")) | members["request at a gateway"]) end | values;

def fits:
	if .event == "crash" then
		# Written by a process that may do next to nothing any more.
		keys == ["event", "level", "request_id", "time"] and (.time | test("^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$")) and (.request_id | test("^([0-9a-f]{32})?$"))
	else
		([keys] - [rows + ["event", "level", "program", "time"] | sort] == []) and
		all(to_entries[]; .key as $key | (form[$key] == null) or (.value | tostring | test(form[$key])))
	end;

select(fits | not)
