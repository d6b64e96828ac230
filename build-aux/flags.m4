# Warnings, hardening (security SC-1) and sanitizers.

# GATEHOUSE_FLAG(VARIABLE, FLAG): adds a flag the compiler takes.
AC_DEFUN([GATEHOUSE_FLAG], [
	gatehouse_kept=$CFLAGS
	CFLAGS="$CFLAGS -Werror $2"
	AC_MSG_CHECKING([whether $CC takes $2])
	AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
		[AC_MSG_RESULT([yes])
		 $1="$$1 $2"],
		[AC_MSG_RESULT([no])])
	CFLAGS=$gatehouse_kept
])

AC_DEFUN([GATEHOUSE_FLAGS], [
	AC_ARG_ENABLE([werror],
		AS_HELP_STRING([--enable-werror], [warnings are errors]))
	AC_ARG_ENABLE([sanitizers],
		AS_HELP_STRING([--enable-sanitizers@<:@=LIST@:>@],
			[address,undefined (default of this option), or thread]))

	WARNINGS=
	HARDENING=
	HARDENING_LDFLAGS=
	for flag in -Wall -Wextra -Wconversion -Wformat=2 -Wshadow -Wvla \
		-Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
		-Wwrite-strings -Wundef -Wimplicit-fallthrough \
		-Wbidi-chars=any -Wtrampolines -Wno-missing-field-initializers
	do
		GATEHOUSE_FLAG([WARNINGS], [$flag])
	done
	for flag in -fstack-protector-strong -fstack-clash-protection \
		-fcf-protection=full -fPIE -ftrivial-auto-var-init=zero \
		-fno-delete-null-pointer-checks -fno-strict-overflow \
		-fno-strict-aliasing -fstrict-flex-arrays=3
	do
		GATEHOUSE_FLAG([HARDENING], [$flag])
	done
	for flag in -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack \
		-Wl,-z,nodlopen -Wl,--as-needed
	do
		GATEHOUSE_FLAG([HARDENING_LDFLAGS], [$flag])
	done

	AS_CASE([${enable_sanitizers:-no}],
		[no], [HARDENING="$HARDENING -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3"],
		[yes], [sanitizers=address,undefined],
		[sanitizers=$enable_sanitizers])
	AS_IF([test -n "$sanitizers"], [
		HARDENING="-fPIE -O1 -fsanitize=$sanitizers -fno-omit-frame-pointer -fno-sanitize-recover=all"
		HARDENING_LDFLAGS="-pie -fsanitize=$sanitizers"
		AC_DEFINE([GATEHOUSE_SANITIZED], [1], [Built with sanitizers.])
	])
	AS_IF([test "x$enable_werror" = xyes], [WARNINGS="$WARNINGS -Werror"])
	AC_SUBST([WARNINGS])
	AC_SUBST([HARDENING])
	AC_SUBST([HARDENING_LDFLAGS])
	AM_CONDITIONAL([SANITIZED], [test -n "$sanitizers"])
])
