# Everything in this folder. $top is the checkout.

# What programs say is read by us, whoever starts this.
export LC_ALL=C.UTF-8

for part in say process owner room packages build cluster schema settings workers web client; do
	# shellcheck source=/dev/null
	source "$top/stand/$part.bash"
done
unset part
