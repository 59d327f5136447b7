#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Unicorn 2.1's Python binding refuses a hook that its C library has and its own constants
# name. Guess: unicorn.UC_HOOK_MEM_READ_AFTER, which gives a load's value, goes on working,
# alone or together with UC_HOOK_MEM_WRITE, which has the same callback; or it is gone from
# the module. Seen with python3-unicorn 2.1.1 (Debian 13): the constant is there, 0x2000, as
# in 2.0.1 (Debian 12), and hook_add() raises "Invalid argument (UC_ERR_ARG)" for it, the
# error of the C library, which was not asked: called by ctypes that takes it, and calls
# back with the value. UC_HOOK_MEM_READ goes, by itself or with the write: the callback comes
# before the load, with 0 for its value, and must read the memory itself.
#
# Wants apt-get, dpkg-deb and Debian's archive key; downloads 20 MB. Each Unicorn runs with
# the Python and the libraries of its own release.
set -eu

for tool in apt-get dpkg-deb; do
	command -v $tool >/dev/null || { echo "this needs $tool"; exit 1; }
done
key=/usr/share/keyrings/debian-archive-keyring.gpg
[ -r $key ] || { echo "this needs debian-archive-keyring"; exit 1; }
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
	sed -n 's|^[^#]*\(https\{0,1\}://[^ ]*/debian\)/* *.*|\1|p' | head -n 1)
[ -n "$mirror" ] || { echo "this needs a Debian mirror in /etc/apt"; exit 1; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > hooks.py <<'END'
import ctypes, glob, sys
import unicorn
from unicorn import arm64_const as arm64
AT = 0x10000
def machine():
    uc = unicorn.Uc(unicorn.UC_ARCH_ARM64, unicorn.UC_MODE_ARM)
    uc.mem_map(AT, 0x1000)
    uc.mem_write(AT, bytes.fromhex("200040f9"))         # ldr x0, [x1]
    uc.mem_write(AT + 0x800, (42).to_bytes(8, "little"))
    uc.reg_write(arm64.UC_ARM64_REG_X1, AT + 0x800)
    return uc
def by_python(hooks):
    uc, seen = machine(), []
    try:
        uc.hook_add(hooks, lambda uc, kind, at, size, value, _: seen.append(value))
    except unicorn.UcError as error:
        return str(error)
    uc.emu_start(AT, AT + 4)
    return seen
def by_c(hooks):
    c, seen = ctypes.CDLL(glob.glob(sys.argv[1])[0]), []
    word, pointer = ctypes.c_uint64, ctypes.c_void_p
    callback = ctypes.CFUNCTYPE(None, pointer, ctypes.c_int, word, ctypes.c_int,
                                ctypes.c_int64, pointer)(
        lambda uc, kind, at, size, value, _: seen.append(value))
    uc, hook = pointer(), ctypes.c_size_t()
    assert c.uc_open(unicorn.UC_ARCH_ARM64, unicorn.UC_MODE_ARM, ctypes.byref(uc)) == 0
    c.uc_mem_map(uc, word(AT), ctypes.c_size_t(0x1000), 7)
    for at, data in ((AT, bytes.fromhex("200040f9")), (AT + 0x800, (42).to_bytes(8, "little"))):
        c.uc_mem_write(uc, word(at), data, ctypes.c_size_t(len(data)))
    c.uc_reg_write(uc, arm64.UC_ARM64_REG_X1, ctypes.byref(word(AT + 0x800)))
    error = c.uc_hook_add(uc, ctypes.byref(hook), hooks, callback, None, word(1), word(0))
    c.uc_emu_start(uc, word(AT), word(AT + 4), word(0), ctypes.c_size_t(0))
    return seen if not error else f"error {error}"
after, read, write = (unicorn.UC_HOOK_MEM_READ_AFTER, unicorn.UC_HOOK_MEM_READ,
                      unicorn.UC_HOOK_MEM_WRITE)
print("unicorn", unicorn.__version__)
for name, result in (("after", by_python(after)), ("after, write", by_python(after | write)),
                     ("read, write", by_python(read | write)), ("after, by C", by_c(after))):
    print(f"{name}: {result}")
END
# install SUITE VERSION PYTHON MORE: what runs hooks.py there; its output in the file SUITE
install()
{
	mkdir -p "$1.apt/lists/partial" "$1.apt/cache/archives/partial"
	: > "$1.apt/status"
	echo "deb [signed-by=$key] $mirror $1 main" > "$1.apt/sources.list"
	cat > "$1.apt/apt.conf" <<-END
		APT::Sandbox::User "$(id -un)";
		Acquire::Languages "none";
		Dir::State "$folder/$1.apt";
		Dir::State::status "$folder/$1.apt/status";
		Dir::Cache "$folder/$1.apt/cache";
		Dir::Etc::SourceList "$folder/$1.apt/sources.list";
		Dir::Etc::SourceParts "/dev/null";
		Dir::Etc::Preferences "/dev/null";
		Dir::Etc::PreferencesParts "/dev/null";
	END
	apt-get -c "$1.apt/apt.conf" -qq update
	# shellcheck disable=SC2086 # $4 may be several
	apt-get -c "$1.apt/apt.conf" -qq -y --no-install-recommends --download-only install \
		"python3-unicorn=$2" $4 >/dev/null
	for deb in "$1.apt"/cache/archives/*.deb; do
		dpkg-deb -x "$deb" "$1.root"
	done
	root=$folder/$1.root
	libraries=$(ls -d "$root"/lib/*-linux-gnu "$root"/usr/lib/*-linux-gnu 2>/dev/null |
		tr '\n' ':')
	loader=$(ls "$root"/lib/*-linux-gnu/ld-linux-* "$root"/usr/lib/*-linux-gnu/ld-linux-* \
		2>/dev/null | head -n 1)
	PYTHONHOME=$root/usr PYTHONPATH=$root/usr/lib/python3/dist-packages \
		PYTHONDONTWRITEBYTECODE=1 LIBUNICORN_PATH=$(echo "$root"/usr/lib/*-linux-gnu) \
		"$loader" --library-path "$libraries" "$root/usr/bin/$3" hooks.py \
		"$root/usr/lib/*-linux-gnu/libunicorn.so.2" 2>/dev/null | tee "$1"
}
install bookworm 2.0.1.post1-1 python3.11 'python3-distutils python3-pkg-resources'
install trixie 2.1.1-2 python3.13 ''
refused='Invalid argument (UC_ERR_ARG)'
[ "$(sed 1d bookworm)" = "after: [42]
after, write: [42]
read, write: [0]
after, by C: [42]" ] && [ "$(sed 1d trixie)" = "after: $refused
after, write: $refused
read, write: [0]
after, by C: [42]" ] || { echo "that is something else"; exit 1; }
