#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# mk/arm64.sh FOLDER WHAT [SUITE [PACKAGE...]] - download Debian packages for arm64 and
# unpack them into FOLDER/root. Apt does it, with this machine's own mirror, keys and settings but
# with state folders of its own below FOLDER: signatures are checked as always and the
# system learns of no second architecture. WHAT is one of
#
#	kernel, busybox, libfdt, libjansson
#	headers		what a module for the kernel that is there is built with
#	tfa		the source of other people's firmware
#	old		a kernel from before KVM had a filter for SMCCC calls
#	qemu		a QEMU for this machine, and all that it depends on
#	rasdaemon	what an administrator has for errors, and all that it depends on
#	lab		the PACKAGEs, and all that they depend on
#	herd		the judge of litmus tests, for this machine, so, too
#	acpi		the judges of ACPI tables, fwts and iasl, so, too
#
# all but the first line for the tests. With SUITE (trixie-backports) kernel, qemu,
# rasdaemon, the judges and tfa come from there, whatever this machine runs.
#
# Leaves FOLDER/vmlinuz and FOLDER/modules, FOLDER/busybox, FOLDER/headers, FOLDER/tfa or
# FOLDER/vmlinuz-old, as links to what was asked for; FOLDER/qemu-system-aarch64,
# FOLDER/herd7, FOLDER/fwts or FOLDER/iasl, scripts; or FOLDER/rasdaemon or FOLDER/lab, a
# root to copy from; and a stamp: FOLDER/.kernel, .busybox and so on.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
what=$2
state=$folder/apt
probe=linux-image-arm64	# what no list of packages is without
root=$folder/root
release=
suite=${3:-}	# another than this machine's
suites=		# if not that alone
arch=arm64
kind=deb

say()
{
	echo "arm64: $*"
}

die()
{
	echo "arm64: $*" >&2
	exit 1
}

# Fills $state. A setting of the machine's apt.conf.d may not run hooks here:
# they would act on the system's folders.
configure()
{
	mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$folder/debs"
	: > "$state/status"
	cat > "$config" <<-END
	APT::Architecture "$arch";
	#clear APT::Architectures;
	APT::Architectures { "$arch"; };
	APT::Sandbox::User "$(id -un)";
	#clear APT::Default-Release;
	#clear APT::Update::Pre-Invoke;
	#clear APT::Update::Post-Invoke;
	#clear APT::Update::Post-Invoke-Success;
	#clear Acquire::IndexTargets::deb::DEP-11;
	#clear Acquire::IndexTargets::deb::Contents-deb;
	Acquire::Languages "none";
	Acquire::Retries "2";
	Acquire::http::Timeout "20";
	Acquire::https::Timeout "20";
	Dir::State "$state";
	Dir::State::Lists "$state/lists";
	Dir::State::status "$state/status";
	Dir::Cache "$state/cache";
	Dir::Etc::SourceList "$state/sources.list";
	Dir::Etc::SourceParts "/dev/null";
	Dir::Etc::Preferences "/dev/null";
	Dir::Etc::PreferencesParts "/dev/null";
	END
}

# Write apt's list of sources, from the machine's own.
sources()
{
	# Debian 12 has no 6.12 kernel itself.
	backports=0
	[ "$codename" != bookworm ] || backports=1
	set --
	for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list \
		/etc/apt/sources.list.d/*.sources; do
		[ -r "$file" ] && set -- "$@" "$file"
	done
	: > "$state/sources.list"
	[ $# = 0 ] || awk -v codename="$codename" -v backports="$backports" \
		-f "$here/sources.awk" "$@" > "$state/sources.list"
	[ -z "$suite" ] || other_suite
	[ -s "$state/sources.list" ] ||
		die "no Debian source for '$codename' (main) in /etc/apt;" \
			"set KERNEL= and INITRD= to do without downloads"
}

# Other releases of the same mirror.
other_suite()
{
	for one in ${suites:-$suite}; do
		sed -n "s/^deb \(.* \)[a-z]* main\$/$kind \1$one main/p" \
			"$state/sources.list"
	done > "$state/sources.new"
	mv "$state/sources.new" "$state/sources.list"
}

# No step may hang for ever on a mirror that stalls.
apt_get()
{
	timeout 1200 apt-get -c "$config" -q "$@"
}

# The package lists of today; older ones, if that is all that can be had. One
# source that fails does not matter if the others have what we need.
lists()
{
	sources
	[ -z "$(find "$state/fresh" -mtime -1 2>/dev/null)" ] || return 0
	say "reading Debian's package lists for $arch (up to 10 MB, once a day):"
	sed 's/^/arm64:   /' "$state/sources.list"
	if apt_get update; then
		touch "$state/fresh"
	fi
	# What failed need not matter, nor does apt tell by its status.
	[ -n "$(show "$probe" Version)" ] || {
		rm -f "$state/fresh"
		die "cannot read the package lists (see above). Tried:
$(sed 's/^/  /' "$state/sources.list")
Is the network there? What is downloaded already is kept for the next try."
	}
}

# show PACKAGE FIELD: of the version that apt would install; of a source, any.
show()
{
	if [ $kind = deb-src ]; then
		apt-cache -c "$config" showsrc "$1" 2>&1 | sed -n "s/^$2: //p"
		return
	fi
	apt-cache -c "$config" $release --no-all-versions show "$1" 2>&1 |
		sed -n "s/^$2: //p"
}

# download PACKAGE: into FOLDER/debs; sets $deb. Apt goes on with a file that is
# only partly there and leaves alone one that is complete.
download()
{
	version=$(show "$1" Version | sed 's/:/%3a/')
	[ -n "$version" ] || die "Debian $where has no $1 for $arch"
	deb=$folder/debs/${1}_${version}_$(show "$1" Architecture).deb
	say "downloading $(basename "$deb")"
	(cd "$folder/debs" && apt_get $release download "$1") ||
		die "cannot download $1 (see above); run this again to go on"
	[ -f "$deb" ] || die "apt did not download $deb"
}

unpack_quietly()
{
	mkdir -p "$root"
	dpkg-deb -x "$deb" "$root" ||
		die "cannot unpack $(basename "$deb") (see above);" \
			"$(df -h "$folder" | awk 'NR == 2 { print $4 }') are free in" \
			"$folder; run this again to go on"
}

unpack()
{
	say "unpacking $(basename "$deb")"
	unpack_quietly
}

# link NAME PATTERN...: FOLDER/NAME points at the one path below root that is
# there. Debian 13 has /usr/lib/modules where Debian 12 has /lib/modules.
link()
{
	name=$1
	shift
	for path; do
		[ -e "$path" ] || continue
		ln -sfn "${path#"$folder"/}" "$folder/$name"
		return
	done
	die "no $name in $(basename "$deb")"
}

kernel()
{
	if [ -n "$suite" ]; then
		release="-t $suite"
	elif [ "$codename" = bookworm ]; then
		release="-t $codename-backports"
		if [ -z "$(show linux-image-arm64 Version)" ]; then
			say "no $codename-backports here: an older kernel it is"
			release=
		fi
	fi
	rm -rf "$root"/boot "$root"/lib/modules "$root"/usr/lib/modules
	image
	link vmlinuz "$root"/boot/vmlinuz-* "$root"/usr/lib/modules/*/vmlinuz
	link modules "$root"/lib/modules/* "$root"/usr/lib/modules/*
	say "kernel ${image#linux-image-}"
}

# The kernel's package and, from Linux 7 on, those that it is split into: what it
# depends on of the same name and version. linux-base-VERSION is of use only where the
# kernel is installed.
image()
{
	# linux-image-arm64 is empty and depends on the real one.
	image=$(show linux-image-arm64 Depends |
		sed -n 's/^.*\(linux-image-[0-9][^ ,]*\).*/\1/p')
	[ -n "$image" ] || die "Debian $where has no linux-image-arm64"
	for package in "$image" $(show "$image" Depends | tr ',|' '\n\n' |
		awk -v end="${image#linux-image}" \
			'index($1 "\n", end "\n") && !/linux-base/ { print $1 }'); do
		download "$package"
		unpack
	done
}

# For the kernel that is there. The programs of a kernel's build are those of the
# machine that builds, so they come from lists of their own.
headers()
{
	target=$(readlink "$folder/modules") || die "headers of which kernel?"
	kernel=${target##*/}
	kernel=${kernel%-arm64}
	root=$folder/headers-root
	rm -rf "$root"
	for package in "linux-headers-$kernel-arm64" \
		"linux-headers-$kernel-common"; do
		download "$package"
		unpack
	done
	arch=$(dpkg --print-architecture)
	state=$folder/apt-$arch
	config=$state/apt.conf
	probe=linux-kbuild-$kernel
	configure
	lists
	download "$probe"
	unpack
	# One names the other by where it would be installed.
	sed -i "s|/usr/src/linux-headers|../linux-headers|" \
		"$root"/usr/src/linux-headers-*-arm64/Makefile
	link headers "$root"/usr/src/linux-headers-*-arm64
}

old()
{
	root=$folder/old
	rm -rf "$root"
	image
	link vmlinuz-old "$root"/boot/vmlinuz-*
}

# closure PACKAGE...: unpack them and everything that they depend on into
# FOLDER/ASKED-FOR, down to the C library, which brings the program that starts them: none
# of it need fit this machine's own.
closure()
{
	root=$folder/$what
	archives=$state/cache/archives
	known=" $(apt-cache -c "$config" $release show "$@" 2>/dev/null |
		sed -n 's/^Package: //p' | tr '\n' ' ')"
	for package; do
		case $known in *" $package "*) continue ;; esac
		die "Debian $where has no package '$package' for $arch"
	done
	say "downloading $1 $(show "$1" Version) and its libraries"
	apt_get autoclean >/dev/null
	apt_get -y $release --no-install-recommends --download-only install \
		"$@" >/dev/null || die "cannot download $1 (see above)"
	rm -rf "$root"
	mkdir -p "$root"
	for deb in "$archives"/*.deb; do
		unpack_quietly
	done
	rm -f "$archives"/*.deb
}

# starter PROGRAM ARGUMENT...: FOLDER/PROGRAM, a script that starts the program of a
# closure with the libraries of its own release. $root is the closure there, too.
starter()
{
	program=$1
	shift
	arguments=$*
	set -- "$root"/usr/lib/*-linux-gnu/ld-linux-*
	[ -x "$1" ] || die "no ld.so among the libraries of $probe"
	cat > "$folder/$program" <<-END
	#!/bin/sh
	# Written by mk/arm64.sh: with the libraries of its own release.
	root=\$(dirname "\$(readlink -f "\$0")")/$what
	libraries=\$root/usr/lib/$(basename "${1%/*}")
	exec "\$libraries/${1##*/}" --library-path "\$libraries:\$libraries/$program" \\
	    "\$root/usr/bin/$program" $arguments "\$@"
	END
	chmod 755 "$folder/$program"
}

qemu()
{
	closure $probe
	starter qemu-system-aarch64 -L '"$root/usr/share/qemu"'
	version=$("$folder/qemu-system-aarch64" --version) ||
		die "the QEMU of $suite does not start (see above)"
	say "$(echo "$version" | head -n 1)"
}

herd()
{
	closure $probe
	starter herd7 -set-libdir '"$root/usr/share/herdtools7/herd"'
	version=$("$folder/herd7" -version) ||
		die "the herd7 of $suite does not start (see above)"
	say "herd7 $(echo "$version" | head -n 1)"
}

acpi()
{
	closure $probe acpica-tools
	starter fwts
	starter iasl
	version=$("$folder/fwts" --version && "$folder/iasl" -v) ||
		die "fwts and iasl of $suite do not start (see above)"
	say "$(echo "$version" | sed -n '1s/,.*//p; s/.*Compiler.* version/iasl/p')"
}

# Debian's own changes to it are to its tools, and to where they are installed.
tfa()
{
	rm -f "$folder/debs/$probe"_*
	say "downloading the source of $probe $(show $probe Version)"
	(cd "$folder/debs" && apt_get source --download-only "$probe") ||
		die "cannot download $probe (see above)"
	rm -rf "$root/tfa"
	mkdir -p "$root/tfa"
	tar -xf "$folder"/debs/${probe}_*.orig.tar.* -C "$root/tfa" \
		--strip-components=1
	ln -sfn root/tfa "$folder/tfa"
}

. /etc/os-release
codename=${VERSION_CODENAME:-}
[ "${ID:-}" = debian ] && [ -n "$codename" ] ||
	die "this is not Debian; set KERNEL= and INITRD= to do without downloads"

# make may want several at once; apt's state is one.
exec 9> "$folder/.lock"
flock -w 1800 9 || die "another download has held $folder/.lock for too long"
case $what in
tfa)
	# Debian 12's has no SDEI on this machine.
	suite=${suite:-$codename}
	[ "$suite" != bookworm ] || suite=trixie
	probe=arm-trusted-firmware
	kind=deb-src ;;
old)
	suite=bookworm ;;
qemu)
	suite=${suite:-$codename}
	suites="${suite%-*} $suite"
	release="-t $suite"
	probe=qemu-system-arm
	arch=$(dpkg --print-architecture) ;;
herd)
	suite=${suite:-forky}
	probe=herdtools7
	arch=$(dpkg --print-architecture) ;;
acpi)
	suite=${suite:-forky}
	probe=fwts
	arch=$(dpkg --print-architecture) ;;
rasdaemon)
	suite=${suite:-forky}
	probe=rasdaemon ;;
lab)
	probe=$4
	shift 3 ;;
esac
where=${suite:-$codename}
[ -z "$suite" ] || state=$folder/apt-$what
config=$state/apt.conf
configure
lists
case $what in
kernel)
	kernel ;;
headers)
	[ "$codename" != bookworm ] || release="-t $codename-backports"
	headers ;;
busybox)
	download busybox-static
	unpack
	link busybox "$root"/bin/busybox "$root"/usr/bin/busybox ;;
libfdt | libjansson)
	download "$what-dev"
	unpack ;;
tfa | old | qemu | herd | acpi)
	$what ;;
rasdaemon)
	closure $probe ;;
lab)
	closure "$@" ;;
*)
	die "what is '$what'?" ;;
esac
touch "$folder/.$what"
