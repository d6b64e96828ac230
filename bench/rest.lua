-- wrk: a GET with the session cookie. Arguments: path, token.
function init(args)
	wrk.path = args[1]
	wrk.headers["Cookie"] = "access_token=" .. (args[2] or "")
end
