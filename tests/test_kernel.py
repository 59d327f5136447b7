# SPDX-License-Identifier: BSD-2-Clause
"""mk/kernel.py: a kernel of the user's, as packages, trees and other distributions
have it, and its modules; or one sentence that says what is missing."""

import gzip
import lzma
import os
import struct
import subprocess
import sys

import pytest

PROGRAM = os.path.join(os.path.dirname(os.path.dirname(__file__)), "mk/kernel.py")
RELEASE = "9.8.7+test-arm64"
PACKAGE_VERSION = "9.8.7-1"


def image(release=RELEASE, magic=b"ARM\x64", extra=b""):
    """As little of an Image as there can be."""
    return (bytes(56) + magic + bytes(4) + b"Linux version %s (boot@%s) "
            b"Linux version " + release.encode() + b" (me@here) #1\n" + extra)


BUILT_IN = b"\0016EINJ: Error INJection is initialized.\n"


def module(release=RELEASE):
    return b"\x7fELF\0depends=\0vermagic=" + release.encode() + b" SMP mod_unload\0"


def put(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def zboot(payload, kind):
    """Linux: drivers/firmware/efi/libstub/zboot-header.S."""
    header = b"MZ\0\0zimg" + struct.pack("<II8x", 128, len(payload)) + kind
    return header.ljust(128, b"\0") + payload + b"padding of a section"


def look(tmp_path, kernel, modules=""):
    """What it says, and what it leaves: (exit status, text, folder)."""
    folder = tmp_path / "out"
    done = subprocess.run([sys.executable, PROGRAM, folder, kernel, modules],
                          text=True, stdout=subprocess.PIPE, check=False,
                          stderr=subprocess.STDOUT)
    return done.returncode, done.stdout, folder


def found(tmp_path, kernel, modules=""):
    """The plain Image and the module's path."""
    status, said, folder = look(tmp_path, kernel, modules)
    assert status == 0, said
    assert not (folder / "no-einj").exists(), (folder / "no-einj").read_text()
    assert f"Linux {RELEASE}" in said
    assert (folder / "vmlinuz").read_bytes() == image()
    einj = list((folder / "modules").resolve().rglob("einj.ko*"))
    assert len(einj) == 1
    return einj[0]


def refused(tmp_path, kernel, *words, modules=""):
    status, said, folder = look(tmp_path, kernel, modules)
    assert status == 1
    assert said.startswith("kernel: ") and said.count("\n") == 1
    for word in words:
        assert word in said
    assert not (folder / ".kernel").exists()


EINJ = f"lib/modules/{RELEASE}/kernel/drivers/acpi/apei/einj.ko"


@pytest.mark.parametrize("where, modules", (
    (f"boot/vmlinuz-{RELEASE}", EINJ),                  # a package, or /
    (f"boot/vmlinuz-{RELEASE}", f"usr/{EINJ}"),
    (f"usr/lib/modules/{RELEASE}/vmlinuz", f"usr/{EINJ}"),     # Debian's of Linux 7
    (f"lib/modules/{RELEASE}/vmlinuz", EINJ),           # Fedora
    (f"{RELEASE}/vmlinuz", f"{RELEASE}/kernel/einj.ko"),
    ("Image", EINJ),                                    # make modules_install there
    ("arch/arm64/boot/Image", "drivers/acpi/apei/einj.ko"),     # where it was built
))
def test_tree(tmp_path, where, modules):
    kernel = put(tmp_path / "tree" / where, image())
    einj = put(tmp_path / "tree" / modules, module())
    put(tmp_path / "tree" / EINJ.replace(RELEASE, "1.2.3"), module("1.2.3"))
    assert found(tmp_path, kernel) == einj
    # By a link from elsewhere.
    link = tmp_path / "elsewhere"
    link.symlink_to(kernel)
    assert found(tmp_path, link) == einj


COMPRESSED = (("gz", gzip.compress),
              ("xz", lzma.compress),
              ("zst", lambda data: subprocess.run(
                  ["zstd", "-c"], input=data, stdout=subprocess.PIPE,
                  check=True).stdout))


@pytest.mark.parametrize("suffix, pack", COMPRESSED)
def test_compressed(tmp_path, suffix, pack):
    """The kernel as a whole, inside an EFI program (zboot), that compressed again;
    and the module."""
    einj = put(tmp_path / f"{EINJ}.{suffix}", pack(module()))
    for data in (pack(image()), zboot(pack(image()), suffix.encode()),
                 gzip.compress(zboot(pack(image()), b"x"))):
        assert found(tmp_path, put(tmp_path / "vmlinuz", data)) == einj


def test_built_in(tmp_path):
    kernel = put(tmp_path / "Image", image(extra=BUILT_IN))
    status, said, folder = look(tmp_path, kernel)
    assert status == 0 and "einj built in" in said
    assert not (folder / "no-einj").exists()


def test_missing(tmp_path):
    """No einj: told, and looked for again the next time. demo-kvm needs none."""
    kernel = put(tmp_path / "Image", image())
    status, said, folder = look(tmp_path, kernel)
    assert status == 0 and "einj missing" in said
    note = (folder / "no-einj").read_text()
    for words in (str(kernel), RELEASE, "lib/modules/" + RELEASE, "MODULES="):
        assert words in note
    assert note.count("\n") == 1
    assert not list((folder / "modules").resolve().iterdir())
    put(tmp_path / EINJ.replace("einj", "fan"), module())
    assert "there is none in" in look(tmp_path, kernel)[2].joinpath(
        "no-einj").read_text()
    einj = put(tmp_path / EINJ, module())
    assert found(tmp_path, kernel) == einj


def test_modules_given(tmp_path):
    kernel = put(tmp_path / "here/Image", image())
    einj = put(tmp_path / "there/einj.ko", module())
    assert found(tmp_path, kernel, str(einj.parent)) == einj
    refused(tmp_path, kernel, "no such folder", "/nowhere", modules="/nowhere")
    put(einj, module("9.8.6"))
    refused(tmp_path, kernel, str(einj), "9.8.6", RELEASE, modules=str(einj.parent))


def test_nothing_new(tmp_path):
    """What is there is left alone, and make need do nothing; but not if it is old."""
    kernel = put(tmp_path / "Image", image())
    put(tmp_path / EINJ, module())
    found(tmp_path, kernel)
    stamp = tmp_path / "out/.kernel"
    before = stamp.stat().st_mtime_ns
    assert look(tmp_path, kernel)[:2] == (0, "")
    assert stamp.stat().st_mtime_ns == before
    other = put(tmp_path / "Image", image("9.8.8"))
    assert "9.8.8" in look(tmp_path, other)[1]


@pytest.mark.parametrize("data, words", (
    (image(magic=b"\0" * 4).ljust(0x202, b"\0") + b"HdrS", "for x86"),
    (bytes(0x24) + b"\x18\x28\x6f\x01" + bytes(99), "32-bit Arm"),
    (image(magic=b"RSC\x05"), "RISC-V"),
    (b"\x7fELF" + bytes(100), "ELF"),
    (b"\xd0\x0d\xfe\xed" + bytes(100), "FIT"),
    (b"\x27\x05\x19\x56" + bytes(100), "U-Boot"),
    (b"\xed\xab\xee\xdb" + bytes(100), "RPM"),
    (b"MZ" + bytes(100), "EFI program"),
    (b"This is no kernel.\n" * 9, "not an arm64 Image"),
    (b"ARM", "3 bytes"),
    (b"", "0 bytes"),
    (image()[:64], "no Linux in it"),
    (gzip.compress(image(), mtime=0)[:60], "cannot be unpacked"),
    (lzma.compress(image())[:60], "cannot be unpacked"),
    (zboot(b"\x28\xb5\x2f\xfdXX", b"zstd"), "cannot be unpacked"),
    (zboot(gzip.compress(b"MZ" + bytes(99)), b"gzip"), "EFI program"),
    (b"!<arch>\nno package", "no Debian package"),
), ids=lambda value: value if isinstance(value, str) else "")
def test_no_kernel(tmp_path, data, words):
    kernel = put(tmp_path / "kernel", data)
    refused(tmp_path, kernel, str(kernel), words)


def test_no_file(tmp_path):
    refused(tmp_path, "/nowhere/Image", "/nowhere/Image", "No such file")
    refused(tmp_path, tmp_path, str(tmp_path), "is a folder")


def package(tmp_path, name, files, architecture="arm64", depends="",
            version=PACKAGE_VERSION):
    tree = tmp_path / "packages" / (name + version)
    for path, data in files.items():
        put(tree / path, data)
    put(tree / "DEBIAN/control",
        f"Package: {name}\nVersion: {version}\nArchitecture: {architecture}\n"
        f"Maintainer: me <me@here>\n{depends}Description: test\n".encode())
    path = tmp_path / f"{name}_{version}_{architecture}.deb"
    subprocess.run(["dpkg-deb", "-b", "-Znone", tree, path], check=True,
                   stdout=subprocess.DEVNULL)
    return path


KERNEL_OF_7 = f"usr/lib/modules/{RELEASE}/vmlinuz"


def test_package(tmp_path):
    """Kernel and modules in one, as Debian 12 and 13 have it."""
    deb = package(tmp_path, f"linux-image-{RELEASE}",
                  {f"boot/vmlinuz-{RELEASE}": image(), EINJ: module()})
    found(tmp_path, deb)


@pytest.mark.parametrize("unsigned", ("", "-unsigned"))
@pytest.mark.parametrize("given", ("image", "binary", "modules"))
def test_split_package(tmp_path, given, unsigned):
    """As Debian has it since Linux 7: any of the three is named, all are taken, and
    nothing of another version or another kernel."""
    debs = {
        "image": package(tmp_path, f"linux-image-{RELEASE}", {"usr/share/x": b""},
                         depends=f"Depends: linux-base-{RELEASE}, "
                         f"linux-binary-{RELEASE} (= 1), linux-modules-{RELEASE}\n"),
        "binary": package(tmp_path, f"linux-binary{unsigned}-{RELEASE}",
                          {KERNEL_OF_7: image()}),
        "modules": package(tmp_path, f"linux-modules-{RELEASE}",
                           {f"usr/{EINJ}": module()})}
    package(tmp_path, f"linux-modules-{RELEASE}-16k", {f"usr/{EINJ}": b"16k"})
    package(tmp_path, f"linux-modules-{RELEASE}", {f"usr/{EINJ}": b"old"},
            version="9.8.6-1")
    found(tmp_path, debs[given])


def test_package_alone(tmp_path):
    """What it lacks is named."""
    deb = package(tmp_path, f"linux-binary-{RELEASE}", {KERNEL_OF_7: image()})
    _, _, folder = look(tmp_path, deb)
    note = (folder / "no-einj").read_text()
    assert str(deb) in note and f"linux-modules-{RELEASE} laid beside" in note
    deb = package(tmp_path, "linux-image-9.9.9-arm64", {"usr/share/x": b""},
                  depends="Depends: linux-binary-9.9.9-arm64 (= 1)\n")
    refused(tmp_path, deb, str(deb), "no kernel", "linux-binary-9.9.9-arm64")
    deb = package(tmp_path, "hello", {"usr/share/x": b""})
    refused(tmp_path, deb, str(deb), "no kernel")
    deb = package(tmp_path, "linux-image-1.2.3-amd64", {}, architecture="amd64")
    refused(tmp_path, deb, str(deb), "amd64")
