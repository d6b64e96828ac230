#!/bin/sh
# Makes the certificates of outbound_tls_test in a folder: an authority
# (ca.pem), and for vendor.test one good, one expired, one of an unknown
# authority, and one that is for other.test.
set -eu
cd "$1"

authority() { # name
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-subj "/CN=$1" -days 30 -keyout "$1.key" -out "$1.pem"
}

leaf() { # name, host, authority, days
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-subj "/CN=$2" -addext "subjectAltName=DNS:$2" \
		-keyout "$1.key" -out "$1.request"
	openssl x509 -req -in "$1.request" -copy_extensions copy -CA "$3.pem" \
		-CAkey "$3.key" -CAcreateserial -days "$4" -out "$1.pem"
}

{
	authority ca
	authority stranger
	leaf good vendor.test ca 30
	leaf expired vendor.test ca -1
	leaf unknown vendor.test stranger 30
	leaf other other.test ca 30
} >openssl.log 2>&1 || { cat openssl.log >&2; exit 1; }
