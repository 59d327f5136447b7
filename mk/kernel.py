#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""mk/kernel.py FOLDER KERNEL [MODULES] - look at a kernel of the user's: KERNEL, an
arm64 Image, plain or compressed, or a Debian package that has one. Its modules are
found in MODULES, or in the folder, tree or packages that it lies in. Of them only einj
is needed, and that may be built in.

Leaves FOLDER/vmlinuz, the plain Image; FOLDER/modules, its modules; FOLDER/no-einj,
what is missing, if einj is; and FOLDER/.kernel, which changes when one of these does.
Ends with one sentence if the kernel is of no use.
"""

import glob
import os
import re
import shutil
import struct
import subprocess
import sys

# What the driver says when it starts: the words are in a kernel that has it built in.
EINJ_BUILT_IN = b"Error INJection is initialized"
ANCESTORS = 6           # folders above a kernel, of a tree with its modules
PARTS = ("image", "image-unsigned", "binary", "binary-unsigned", "modules",
         "modules-extra")       # packages of a kernel: Debian's and Ubuntu's

PROGRAMS = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"),
            (b"\xfd7zXZ\0", "xz"), (b"\x5d\0\0", "xz"), (b"BZh", "bzip2"),
            (b"\x02\x21\x4c\x18", "lz4"), (b"\x04\x22\x4d\x18", "lz4"),
            (b"\x89LZO", "lzop"))
# Of what is no arm64 Image: where it is to be seen, what, and how it is called.
OTHERS = ((0x202, b"HdrS", "a kernel for x86"),
          (0x24, b"\x18\x28\x6f\x01", "a kernel for 32-bit Arm (zImage)"),
          (0x38, b"RSC\x05", "a kernel for RISC-V"),
          (0x38, b"\xcd\x23\x82\x81", "a kernel for LoongArch"),
          (0, b"\x7fELF", "an ELF file (a vmlinux? Give the Image made from it)"),
          (0, b"\x27\x05\x19\x56", "a U-Boot image (give the Image in it)"),
          (0, b"\xd0\x0d\xfe\xed", "a FIT image or a device tree"),
          (0, b"\xed\xab\xee\xdb", "an RPM package (unpack it, give the kernel)"),
          (0, b"MZ", "an EFI program, but not a kernel"))


class KernelError(Exception):
    """One sentence for the user."""


def unpack(data, name):
    """What is compressed in `data`; `data` itself if nothing is."""
    program = next((program for magic, program in PROGRAMS
                    if data.startswith(magic)), None)
    if not program:
        return data
    if not shutil.which(program):
        raise KernelError(f"{name} is compressed, and {program} is not installed")
    done = subprocess.run([program, "-dcq"], input=data, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # gzip's 2 is for something behind the end, which does no harm.
    if done.returncode and (program, done.returncode) != ("gzip", 2):
        why = done.stderr.decode(errors="replace").strip().replace("\n", "; ")
        raise KernelError(f"{name} cannot be unpacked: {why}")
    return done.stdout


def plain_image(data, name):
    """The Image in `data`: compressed, or inside an EFI program that unpacks itself
    (Linux: drivers/firmware/efi/libstub/zboot-header.S), or as it is."""
    data = unpack(data, name)
    if data[4:8] == b"zimg" and len(data) > 64:
        offset, size = struct.unpack_from("<II", data, 8)
        data = unpack(data[offset:offset + size], name)
    if data[56:60] == b"ARM\x64":
        return data
    if len(data) < 64:
        raise KernelError(f"{name} has {len(data)} bytes: an arm64 Image begins "
                          "with a header of 64")
    for where, magic, what in OTHERS:
        if data[where:where + len(magic)] == magic:
            raise KernelError(f"{name} is {what}: an arm64 Image is needed")
    raise KernelError(f"{name} is not an arm64 Image")


def release_of(image, name):
    """What `uname -r` will say."""
    match = re.search(rb"Linux version (\d[^\s%]*) \(", image)
    if not match:
        raise KernelError(f"{name} is an arm64 Image, but there is no Linux in it")
    return match.group(1).decode(errors="replace")


# Where its modules are.

def candidates(kernel, release):
    """Folders that may have them. A link's own place counts as well as its end's."""
    for path in (os.path.abspath(kernel), os.path.realpath(kernel)):
        folder = os.path.dirname(path)
        if os.path.basename(folder) == release:
            yield folder
        for _ in range(ANCESTORS):
            yield os.path.join(folder, "lib/modules", release)
            yield os.path.join(folder, "usr/lib/modules", release)
            if os.path.exists(os.path.join(folder, "drivers/acpi/apei/einj.ko")):
                yield os.path.join(folder, "drivers")   # it was built there
            if folder == "/":
                break
            folder = os.path.dirname(folder)


def einj_in(modules):
    for folder, _, files in os.walk(modules):
        for name in files:
            if re.fullmatch(r"einj\.ko(\.\w+)?", name):
                return os.path.join(folder, name)
    return None


def check_module(path, release):
    """A module works with the kernel that it was made for, and no other."""
    with open(path, "rb") as file:
        match = re.search(rb"\0vermagic=(\S+) ", unpack(file.read(), path))
    made_for = match.group(1).decode(errors="replace") if match else "no kernel"
    if made_for != release:
        raise KernelError(f"{path} is for Linux {made_for}, the kernel is {release}")


def find_modules(kernel, release, given, name):
    """The folder, and what is missing, or None. The folder may be None as well."""
    folders = [given] if given else [
        folder for folder in dict.fromkeys(candidates(kernel, release))
        if os.path.isdir(folder)]
    if given and not os.path.isdir(given):
        raise KernelError(f"MODULES={given}: no such folder")
    for folder in folders:
        einj = einj_in(folder)
        if einj:
            check_module(einj, release)
            return folder, None
    where = ("there is none in " + " or ".join(folders) if folders else
             f"there is no lib/modules/{release} beside it or above it")
    return (folders[0] if folders else None,
            f"{name} (Linux {release}) has no einj, with which errors are injected "
            f"from inside: it is not built in (CONFIG_ACPI_APEI_EINJ), and {where}; "
            "its module's folder may be given with MODULES=FOLDER")


# Packages.

def field(package, name):
    done = subprocess.run(["dpkg-deb", "-f", package, name], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode:
        raise KernelError(f"{package} is no Debian package that dpkg-deb can read: "
                          + done.stderr.strip().splitlines()[-1])
    return done.stdout.strip()


def family(package):
    """`package` and those of the same kernel that lie beside it."""
    name, version = field(package, "Package"), field(package, "Version")
    architecture = field(package, "Architecture")
    if architecture != "arm64":
        raise KernelError(f"{package} is for {architecture}, not for arm64")
    match = re.fullmatch(f"linux-(?:{'|'.join(PARTS)})-(\\d.*?)(?:-unsigned)?", name)
    found = [package]
    for part in PARTS if match else ():
        for path in glob.glob(os.path.join(glob.escape(os.path.dirname(package)),
                                           f"linux-{part}-{match.group(1)}*.deb")):
            if (path != package and field(path, "Version") == version and
                    re.sub("-unsigned$", "", field(path, "Package"))
                    == f"linux-{part}-{match.group(1)}"):
                found.append(path)
    return found


def unpack_packages(packages, root):
    """Into `root`; the kernel's path there."""
    shutil.rmtree(root, ignore_errors=True)
    for package in packages:
        subprocess.run(["dpkg-deb", "-x", package, root], check=True)
    for pattern in ("boot/vmlinu[xz]-*", "boot/Image-*", "usr/lib/modules/*/vmlinuz",
                    "lib/modules/*/vmlinuz"):
        found = glob.glob(os.path.join(glob.escape(root), pattern))
        if found:
            return found[0]
    needs = re.findall(r"linux-(?:image|binary)-\d[^ ,]*", field(packages[0],
                                                                 "Depends"))
    raise KernelError(f"{packages[0]} holds no kernel; " + (
        "one may be in " + ", ".join(dict.fromkeys(needs)) + ", which may lie beside it"
        if needs else "which package does, its Depends do not tell"))


# What is left in the folder.

def link(target, path):
    if os.path.lexists(path):
        os.remove(path)
    os.symlink(os.path.abspath(target), path)


def look(folder, kernel, modules):
    """All of it: FOLDER is filled. What is missing, or None."""
    with open(kernel, "rb") as file:
        is_package = file.read(8) == b"!<arch>\n"
    found = kernel
    if is_package:
        found = unpack_packages(family(kernel), os.path.join(folder, "root"))
    with open(found, "rb") as file:
        data = file.read()
    name = kernel if found == kernel else f"{kernel}: {os.path.basename(found)}"
    image = plain_image(data, name)
    release = release_of(image, name)
    modules, missing = find_modules(found, release, modules, name)
    if EINJ_BUILT_IN in image:
        missing = None
    elif missing and is_package:
        missing += f", or a package linux-modules-{release} laid beside this one"

    path = os.path.join(folder, "vmlinuz")
    link(found, path)
    if image != data:
        os.remove(path)
        with open(path, "wb") as file:
            file.write(image)
    none = os.path.join(folder, "none")
    os.makedirs(none, exist_ok=True)
    link(modules or none, os.path.join(folder, "modules"))
    print(f"kernel: Linux {release}, einj "
          + ("missing" if missing else "built in" if EINJ_BUILT_IN in image
             else f"from {modules}"))
    return missing


def identity(kernel, modules):
    """Changes when there is something to do again."""
    lines = [modules or ""]
    for path in (kernel, __file__):
        status = os.stat(path)
        lines.append(f"{os.path.abspath(path)} {status.st_size} {status.st_mtime_ns}")
    return "\n".join(lines) + "\n"


def main(folder, kernel, modules=None):
    stamp, note = (os.path.join(folder, name) for name in (".kernel", "no-einj"))
    if os.path.isdir(kernel):
        raise KernelError(f"KERNEL={kernel} is a folder: give the kernel in it")
    done = None
    if os.path.exists(stamp) and not os.path.exists(note):
        with open(stamp, encoding="utf-8") as file:
            done = file.read()
    if done == identity(kernel, modules):
        return
    os.makedirs(folder, exist_ok=True)
    for path in (stamp, note):
        if os.path.exists(path):
            os.remove(path)
    missing = look(folder, kernel, modules)
    if missing:
        with open(note, "w", encoding="utf-8") as file:
            file.write(missing + "\n")
    with open(stamp, "w", encoding="utf-8") as file:
        file.write(identity(kernel, modules))


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:3], *filter(None, sys.argv[3:]))
    except KernelError as error:
        sys.exit(f"kernel: {error}")
    except OSError as error:
        sys.exit(f"kernel: {error.filename}: {error.strerror}")
