# The pages in a real browser: what curl takes, a browser may not.

load helper
load mcp
load oauth

setup_file()
{
	gateway zoe
}

setup()
{
	as zoe
	on zoe
	forgive
	register
}

# browses BUTTON: from the application's question to its callback.
browses()
{
	run client timeout 120 node "$client_folder/browser.mjs" "$gateway_url/authorize?$(query)" "$callback" "$user_email" "$user_password" "$1" "$BATS_TEST_TMPDIR"
	body=$(tail -n 1 <<<"$output")
}

@test "a person signs in and allows, on a phone's screen: nothing is refused by the pages' own policies" {
	browses approve
	says ".pages == [.pages[0], (.pages[0] | rtrimstr(\"/signin\"))] and (.pages[0] | startswith(\"$app_url/oauth/consent/\")) and .refused == []"
	says '.width <= 390 and .styled == "rgb(11, 87, 208)"'
	says "(.text | contains(\"Search in all its sources\") and contains(\"$user_email\") and contains(\"program on the device\"))"
	for picture in sign-in consent; do # looked at, too, by whoever changes them
		[ -s "$BATS_TEST_TMPDIR/$picture.png" ]
	done
	place=$(jq -r .back <<<"$body")
	code=$(sed -n 's/.*[?&]code=\([^&]*\).*/\1/p' <<<"$place")
	redeem
	[ "$status" = 200 ]
	opens "$access"
}

@test "a person signs in and denies" {
	browses deny
	says '.back | contains("error=access_denied") and contains("state=st")'
}
