# SPDX-License-Identifier: BSD-2-Clause
"""What others build with: headers, archives, pkg-config, CMake, Meson, Zephyr.

Everything is installed into a folder of the test's own (`make install DESTDIR=`).
tests/packages/bare and native are strangers' projects: they have their own makefiles
and know only what is installed. make packages-check does this once more with Debian
packages, in a fresh Debian.
"""

import os
import re
import subprocess

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.join(ROOT, os.environ["BUILD"])
WARNINGS = ("-Wall -Wextra -Wpedantic -Wshadow -Wundef -Wconversion -Wsign-conversion "
            "-Wcast-align -Wcast-qual -Wredundant-decls -Werror").split()
C11 = "-std=c11 -Wstrict-prototypes -Wmissing-prototypes -Wc++-compat".split()
CXX17 = "-std=c++17 -Wold-style-cast".split()
# What freestanding code may ask of its embedder: gcc's manual, "Standards"; and libfdt.
FREESTANDING = {"memcpy", "memmove", "memset", "memcmp"}
LIBFDT = {"fdt_check_header", "fdt_getprop", "fdt_path_offset",
          "fdt_stringlist_search"}
# What bare/main.c prints: 0.2.0; SDEI 1.1 of vendor version 0x51 (DEN0054C 5.1.1); no
# size for an empty configuration; NOT_SUPPORTED (5.3), for QEMU's PSCI has no SDEI.
ANSWERS = {"dispatcher": 0x0001000100000051, "client": 0, "conduit": 2**64 - 1}


def run(*command, **more):
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, timeout=300,
                          stderr=subprocess.STDOUT, check=False, **more)
    assert done.returncode == 0, f"{' '.join(command)}:\n{done.stdout}"
    return done.stdout


def make(*words):
    """A make of this tree; it must not hear of the one that runs the tests."""
    clean = {name: value for name, value in os.environ.items()
             if name not in ("MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES")}
    return run("make", "-s", "-C", ROOT, f"BUILD={os.environ['BUILD']}", *words,
               env=clean)


def version():
    with open(os.path.join(ROOT, "include/sdei/version.h"), encoding="ascii") as text:
        numbers = re.findall(r"define SDEI_LIBRARY_(?:MAJOR|MINOR|PATCH) (\d+)",
                             text.read())
    assert len(numbers) == 3
    return ".".join(numbers)


def version_number():
    major, minor, patch = map(int, version().split("."))
    return major << 16 | minor << 8 | patch


@pytest.fixture(scope="module", name="installed")
def install(tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("installed"))
    make("install", f"DESTDIR={folder}", "PREFIX=/usr")
    return folder


def environment(installed):
    usr = os.path.join(installed, "usr")
    return dict(os.environ, PKG_CONFIG_SYSROOT_DIR=installed,
                PKG_CONFIG_PATH=f"{usr}/share/pkgconfig:{usr}/lib/pkgconfig",
                CMAKE_PREFIX_PATH=usr)


def boot(elf):
    """What the stranger's program prints, by name."""
    text = run("timeout", "100", "qemu-system-aarch64", "-M", "virt", "-cpu", "max",
               "-nographic", "-nic", "none", "-kernel", elf)
    return {name: int(value, 16)
            for name, value in re.findall(r"^(\w+) ([0-9a-f]{16})\r?$", text, re.M)}


def check_boot(elf):
    assert boot(elf) == {"library": version_number(), **ANSWERS}


def headers():
    return sorted(os.listdir(os.path.join(ROOT, "include/sdei")))


@pytest.mark.parametrize("compiler, flags, ending", (
    ("gcc", C11, "c"), ("clang", C11, "c"),
    ("g++", CXX17, "cc"), ("clang++", CXX17, "cc")))
def test_headers(tmp_path, compiler, flags, ending):
    """Each alone, and twice; then all together."""
    sources = [[name, name] for name in headers()] + [headers()]
    for i, names in enumerate(sources):
        path = tmp_path / f"{i}.{ending}"
        path.write_text("".join(f"#include <sdei/{name}>\n" for name in names) +
                        "typedef int not_empty;\n")
        run(compiler, *flags, *WARNINGS, "-fsyntax-only",
            "-I", os.path.join(ROOT, "include"), str(path))


def test_version(installed):
    """One version, wherever one asks; that of the interface is another."""
    folder = os.path.join(installed, "usr/share/pkgconfig")
    for name in os.listdir(folder):
        assert run("pkg-config", "--modversion", os.path.join(folder, name)).strip() \
            == version()
    assert run(os.path.join(installed, "usr/bin/sdei"), "--version").strip() == \
        f"sdei (OpenSDEI) {version()}"
    with open(os.path.join(ROOT, "debian/changelog"), encoding="ascii") as text:
        assert text.readline().startswith(f"opensdei ({version()}) ")
    with open(os.path.join(ROOT, "CHANGELOG.md"), encoding="utf-8") as text:
        assert f"## {version()}" in text.read()


def symbols(archive):
    """What its files give, and what none of them gives but some want."""
    given, wanted = set(), set()
    for line in run("nm", "-g", archive).splitlines():
        words = line.split()
        if len(words) == 3:
            given.add(words[2])
        elif len(words) == 2:
            wanted.add(words[1])
    return given, wanted - given


@pytest.mark.parametrize("name, asked", (
    ("lib/opensdei/aarch64/libsdei.a", FREESTANDING),
    ("lib/opensdei/aarch64/libsdei-ras.a", FREESTANDING),
    ("lib/opensdei/aarch64/libsdei-fdt.a", FREESTANDING | LIBFDT),
    ("lib/opensdei/aarch64/libsdei-kvm.a", None),
    ("lib/libsdei-ras-native.a", FREESTANDING | {"_GLOBAL_OFFSET_TABLE_"})))
def test_symbols(installed, name, asked):
    """Only sdei_* goes out, and little comes in. BTI and PAC in each object."""
    archive = os.path.join(installed, "usr", name)
    given, wanted = symbols(archive)
    assert given and all(symbol.startswith("sdei_") for symbol in given)
    outside = {s for s in wanted if not s.startswith("sdei_")}
    assert asked is None or outside <= asked
    if "aarch64" in name:
        members = run("ar", "t", archive).split()
        assert run("readelf", "-n", archive).count("AArch64 feature: BTI, PAC") == \
            len(members)
    # For images that nobody relocates; a VMM's C library may be shared.
    if "aarch64" in name and asked is not None:
        assert "_GOT_" not in run("readelf", "-rW", archive)


@pytest.mark.parametrize("nm, objcopy, said", (
    ("CMAKE_NM-NOTFOUND", "objcopy", "'CMAKE_NM-NOTFOUND' does not list its names"),
    ("false", "objcopy", "'false' does not list its names"),
    ("true", "objcopy", "'true' found no sdei_ name"),
    ("nm", "CMAKE_OBJCOPY-NOTFOUND", "'CMAKE_OBJCOPY-NOTFOUND' cannot give"),
    ("nm", "objcopy", None)))
def test_private_names(tmp_path, nm, objcopy, said):
    """No archive goes out unprefixed because a tool was missing; once is enough."""
    (tmp_path / "a.c").write_text("int sdei_a(void);\nint disp_a(void);\n"
                                  "int disp_a(void)\n{\n\treturn 1;\n}\n"
                                  "int sdei_a(void)\n{\n\treturn disp_a();\n}\n")
    archive = str(tmp_path / "a.a")
    run("gcc", "-c", "a.c", cwd=tmp_path)
    run("ar", "rcs", archive, "a.o", cwd=tmp_path)
    command = [os.path.join(ROOT, "mk/private.sh"), archive, nm, objcopy]
    done = subprocess.run(command, check=False, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    assert sorted(os.listdir(tmp_path)) == ["a.a", "a.c", "a.o"]
    if said:
        assert done.returncode != 0 and said in done.stdout
        return
    assert done.returncode == 0 and run(*command) == ""
    assert set(re.findall(r" T (\w+)$", run("nm", "-g", archive), re.M)) == \
        {"sdei_private_disp_a", "sdei_a"}


def build_with(how, project, folder, installed):
    """Configure and build a stranger's project; returns its program."""
    here = os.path.join(HERE, project)
    env = environment(installed)
    cross = project == "bare"
    name = "bare.elf" if cross else "native"
    if how == "make":
        run("cp", "-r", here, folder)
        folder = os.path.join(folder, project)
        run("make", "-C", folder, env=env)
    elif how == "cmake":
        run("cmake", "-G", "Ninja", "-S", here, "-B", folder, *(
            [f"-DCMAKE_TOOLCHAIN_FILE={here}/cross.cmake"] if cross else []), env=env)
        run("ninja", "-C", folder)
    else:
        run("meson", "setup", folder, here, *(
            ["--cross-file", f"{here}/cross.meson"] if cross else []), env=env)
        run("ninja", "-C", folder)
    return os.path.join(folder, name)


@pytest.mark.parametrize("how", ("make", "cmake", "meson"))
def test_bare_project(installed, tmp_path, how):
    check_boot(build_with(how, "bare", str(tmp_path), installed))


@pytest.mark.parametrize("how", ("make", "cmake", "meson"))
def test_native_project(installed, tmp_path, how):
    text = run(build_with(how, "native", str(tmp_path), installed))
    assert f"library {version_number():#x}\n" in text
    assert "physical_address 0x12345000\n" in text


def test_examples(installed, tmp_path):
    """The examples with what is installed, as their makefiles say: SDEI=."""
    for name in ("firmware", "vmm", "record"):
        folder = str(tmp_path / name)
        run("cp", "-r", os.path.join(ROOT, "examples", name), folder)
        run("make", "-C", folder, "SDEI=", env=environment(installed))
    # The address of examples/record/record.c.
    assert "physical_address: 0x48001040\n" in run(str(tmp_path / "record/record"))


def test_vmm_links(installed, tmp_path):
    """With a shared C library; and all of it into a shared object."""
    libs = os.path.join(installed, "usr/lib/opensdei/aarch64")
    (tmp_path / "vmm.c").write_text(
        "#include <sdei/kvm.h>\nint main(int count, char **words)\n{\n"
        "\treturn count > 1 && sdei_kvm_create((void *)words, 0);\n}\n")
    cc = ["aarch64-linux-gnu-gcc", "-Wall", "-Werror", "-I",
          os.path.join(installed, "usr/include/opensdei")]
    run(*cc, str(tmp_path / "vmm.c"), f"-L{libs}", "-lsdei-kvm",
        "-o", str(tmp_path / "vmm"))
    run(*cc, "-shared", "-Wl,-z,text,--whole-archive", f"{libs}/libsdei-kvm.a",
        "-Wl,--no-whole-archive", "-o", str(tmp_path / "vmm.so"))


@pytest.mark.parametrize("compiler, flags", (
    ("gcc", "-fno-pie -mcmodel=large -mbranch-protection=pac-ret+leaf+b-key+bti -O0"),
    ("clang", "-fPIC -mbranch-protection=standard")))
def test_embedders_flags(tmp_path, compiler, flags):
    """The archive with other flags, linked to a program that must have BTI."""
    folder = str(tmp_path)
    make(f"PACKAGE={folder}/package", f"EMBED_FLAGS={flags}", "install",
         f"DESTDIR={folder}", "PREFIX=/usr", "PARTS=dev",
         *(["LLVM=1"] if compiler == "clang" else []))
    check_boot(build_with("make", "bare", folder, folder))


def test_no_landing_pad(tmp_path):
    """That the tests above can fail: without pads the linker says so, and told to be
    quiet, the program ends in a branch target exception (EC 0x0d)."""
    folder = str(tmp_path)
    make(f"PACKAGE={folder}/package", "EMBED_FLAGS=-mbranch-protection=none",
         "install", f"DESTDIR={folder}", "PREFIX=/usr", "PARTS=dev")
    run("cp", "-r", os.path.join(HERE, "bare"), folder)
    done = subprocess.run(["make", "-C", f"{folder}/bare"], text=True, check=False,
                          env=environment(folder), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    assert done.returncode != 0 and "BTI" in done.stdout
    run("sed", "-i", "s/,-z,force-bti,--fatal-warnings//", f"{folder}/bare/Makefile")
    run("make", "-C", f"{folder}/bare", env=environment(folder))
    assert boot(f"{folder}/bare/bare.elf")["exception"] >> 26 == 0x0d


def test_cmake_alone(tmp_path):
    """The libraries by CMake, installed, and found by a stranger's CMake."""
    cross = f"-DCMAKE_TOOLCHAIN_FILE={HERE}/bare/cross.cmake"
    made, there = str(tmp_path / "made"), str(tmp_path / "there")
    run("cmake", "-G", "Ninja", "-S", ROOT, "-B", made, cross,
        f"-DCMAKE_INSTALL_PREFIX={there}/usr", "-DCMAKE_BUILD_TYPE=Release",
        "-DCMAKE_C_FLAGS=-Wall -Wextra -Werror -mbranch-protection=standard",
        "-DCMAKE_ASM_FLAGS=-mbranch-protection=standard")
    run("ninja", "-C", made, "install")
    check_boot(build_with("cmake", "bare", str(tmp_path / "bare"), there))


def test_cmake_subdirectory(tmp_path):
    """Part of another project: nothing of ours is installed with that."""
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.20)\nproject(s C ASM)\n"
        f"add_subdirectory({ROOT} opensdei)\n")
    run("cmake", "-G", "Ninja", "-S", tmp_path, "-B", tmp_path / "b",
        f"-DCMAKE_TOOLCHAIN_FILE={HERE}/bare/cross.cmake")
    script = (tmp_path / "b/opensdei/cmake_install.cmake").read_text()
    assert "file(INSTALL" not in script


@pytest.mark.parametrize("wanted, good", (
    ("0.2", True), ("0.2.0", True), ("0.1", False), ("0.3", False), ("1.0", False)))
def test_cmake_version(installed, tmp_path, wanted, good):
    """docs/packages.md: while the first number is 0, the second is the interface."""
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.20)\nproject(v NONE)\n"
        f"find_package(OpenSDEI {wanted} REQUIRED)\n")
    done = subprocess.run(["cmake", "-S", tmp_path, "-B", tmp_path / "b"], check=False,
                          env=environment(installed), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert (done.returncode == 0) == good, done.stdout


@pytest.mark.parametrize("machine, lib", (
    ("aarch64-linux-gnu", "lib/aarch64-linux-gnu"), ("x86_64-linux-gnu", "lib")))
def test_cmake_native_library(tmp_path, machine, lib):
    """libsdei-dev is one package for all machines: its files, made on one, find the
    library of another where Debian has it, or else in lib."""
    folder = str(tmp_path)
    config = "usr/share/cmake/OpenSDEI"
    make(f"PACKAGE={folder}/{config}", "NATIVE_LIB=lib/x86_64-linux-gnu",
         f"{folder}/{config}/OpenSDEIConfig.cmake")
    os.makedirs(f"{folder}/usr/{lib}")
    (tmp_path / "usr" / lib / "libsdei-ras-native.a").write_text("")
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.20)\nproject(n NONE)\n"
        f"set(CMAKE_LIBRARY_ARCHITECTURE {machine})\n"
        "find_package(OpenSDEI REQUIRED COMPONENTS ras-native)\n"
        "get_target_property(where OpenSDEI::ras-native LOCATION)\n"
        "message(STATUS \"found ${where}\")\n")
    text = run("cmake", "-S", folder, "-B", f"{folder}/b", env=environment(folder))
    assert f"found {folder}/usr/{lib}/libsdei-ras-native.a\n" in text


def configure_zephyr(tmp_path, chosen):
    """.config of zephyr/Kconfig, as Zephyr's own kconfiglib makes it."""
    kconfiglib = pytest.importorskip("kconfiglib")
    (tmp_path / "Kconfig").write_text(
        f'config ARM64\n\tbool\n\tdefault y\nsource "{ROOT}/zephyr/Kconfig"\n')
    (tmp_path / "chosen").write_text(chosen)
    config = kconfiglib.Kconfig(str(tmp_path / "Kconfig"))
    config.load_config(str(tmp_path / "chosen"))
    config.write_config(str(tmp_path / "config"))
    assert not config.warnings
    return str(tmp_path / "config")


def build_zephyr(tmp_path, chosen, target):
    """With a stand-in for Zephyr's CMake functions: Zephyr is in no Debian."""
    config = configure_zephyr(tmp_path, chosen)
    folder = str(tmp_path / "build")
    run("cmake", "-G", "Ninja", "-S", os.path.join(HERE, "zephyr"), "-B", folder,
        f"-DCMAKE_TOOLCHAIN_FILE={HERE}/bare/cross.cmake", f"-DMODULE={ROOT}",
        f"-DCONFIG={config}")
    run("ninja", "-C", folder, target)
    return folder


def test_zephyr_module(tmp_path):
    with open(os.path.join(ROOT, "zephyr/module.yml"), encoding="ascii") as text:
        module = text.read()
    for line in ("name: opensdei", "  cmake: zephyr", "  kconfig: zephyr/Kconfig"):
        assert line in module.splitlines()
    folder = build_zephyr(tmp_path, "CONFIG_OPENSDEI=y\nCONFIG_OPENSDEI_DISPATCHER=y\n",
                          "bare.elf")
    check_boot(os.path.join(folder, "bare.elf"))


@pytest.mark.parametrize("chosen", ("CLIENT=n DECODE=y", "DISPATCHER=y DECODE=y"))
def test_zephyr_choices(tmp_path, chosen):
    """Whatever is chosen links, with nothing of gcc's own library (atomics), and uses
    no SIMD register, which an event would find in use."""
    folder = build_zephyr(tmp_path, "CONFIG_OPENSDEI=y\n" + "".join(
        f"CONFIG_OPENSDEI_{word}\n" for word in chosen.split()), "module_library")
    archive = run("find", folder, "-name", "libmodule_library.a").strip()
    assert symbols(archive)[1] <= FREESTANDING
    code = run("aarch64-linux-gnu-objdump", "-d", "--no-show-raw-insn", archive)
    assert not re.search(r"\t.*\b[qv]\d+\b", code)


def test_uninstall(tmp_path):
    """Takes away all that it has put there, and nothing else."""
    folder = str(tmp_path)
    other = tmp_path / "opt/share/pkgconfig/other.pc"
    make("install", f"DESTDIR={folder}", "PREFIX=/opt", "PARTS=dev firmware")
    other.write_text("")
    make("uninstall", f"DESTDIR={folder}", "PREFIX=/opt", "PARTS=dev firmware")
    left = run("find", folder, "-type", "f").split()
    assert left == [str(other)]


def test_other_platform_and_nodoc():
    """Images bear the names that they are made with; NODOC=1 wants no help2man."""
    said = make("-n", "install", "PARTS=firmware tools", "NODOC=1",
                "PLATFORM=qemu-sbsa-ref")
    names = re.findall(r"install -D -m 644 \S+/([\w.-]+\.bin)", said)
    assert sorted(names) == ["bench.bin", "conformance-qemu-sbsa-ref.bin", "conformance.bin",
                             "opensdei-qemu-sbsa-ref.bin", "opensdei-qemu-virt.bin"]
    assert "manual.sh" not in said


@pytest.mark.skipif(not os.path.exists("/usr/share/dpkg/architecture.mk"),
                    reason="no dpkg-dev")
def test_debian_network(tmp_path):
    """A package's build says what it wants, and downloads only if it is told to."""
    clean = {name: value for name, value in os.environ.items()
             if name not in ("MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "OPENSDEI_FETCH")}
    done = subprocess.run(
        ["make", "-s", "-C", ROOT, "-f", "debian/rules", "SYSTEM_LIBFDT=/none",
         f"ARM64={tmp_path}", f"{tmp_path}/.libfdt"], text=True, check=False,
        env=clean, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode != 0 and "install libfdt-dev:arm64" in done.stdout
    assert "downloading" not in done.stdout


def test_bad_part():
    done = subprocess.run(["make", "-s", "-C", ROOT, "install", "PARTS=dev tolls"],
                          text=True, check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    assert done.returncode != 0
    assert "PARTS: there is no part 'tolls'; there are dev, kvm" in done.stdout


@pytest.mark.parametrize("place", ("packages", "campaign-system"))
def test_files_of_a_system_are_not_makes(tmp_path, place):
    """A fresh Debian below build/ has files whose names end in .d."""
    script = tmp_path / place / "bookworm/usr/sbin/invoke-rc.d"
    script.parent.mkdir(parents=True)
    script.write_text("if true\n\tthen\n")
    done = subprocess.run(["make", f"BUILD={tmp_path}", "help"], cwd=ROOT, text=True,
                          capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
