#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# KVM forgets an interrupt that was pending before its GIC's distributor was enabled. Guess:
# user space may give a saved GICv3 its registers back in any order that leaves none
# without what it needs, and GICD_CTLR last, which starts it all, is the natural one; in
# a real GIC what is pending is delivered as soon as its group is enabled. Seen with Linux
# 7.3.4 (Debian 13's backports; 6.12.95 alike): SPI 33 made pending and enabled by
# KVM_SET_DEVICE_ATTR, and GICD_CTLR written before or behind that. All three registers read
# the same in both cases, ISPENDR with the interrupt in it; a guest that enables its group
# gets 33 from ICC_IAR1_EL1 in the first case, and in the second 1023, "nothing", as often
# as it looks. A level that stays high brings no other, so a device of a guest that was
# saved at such a moment is dead. (PPIs are spared if GICD_CTLR comes before them.)
#
# Wants aarch64-linux-gnu-gcc with its C library, apt-get, dpkg-deb, cpio and Debian's archive
# key; downloads 120 MB, boots for some seconds. KVM runs in an emulated machine.
set -eu

for tool in aarch64-linux-gnu-gcc apt-get dpkg-deb cpio timeout; do
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
mkdir -p lists/partial cache/archives/partial root guest
: > status
for suite in trixie trixie-backports; do
	echo "deb [signed-by=$key] $mirror $suite main"
done > sources.list
cat > apt.conf <<END
APT::Sandbox::User "$(id -un)";
#clear APT::Architectures;
APT::Architectures { "$(dpkg --print-architecture)"; "arm64"; };
Acquire::Languages "none";
Dir::State "$folder";
Dir::State::status "$folder/status";
Dir::Cache "$folder/cache";
Dir::Etc::SourceList "$folder/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
END
apt-get -c apt.conf -qq update
apt-get -c apt.conf -qq -y -t trixie-backports --no-install-recommends --download-only \
	install qemu-system-arm=1:11.1.3+ds-1~bpo13+1 >/dev/null
for deb in cache/archives/*.deb; do
	dpkg-deb -x "$deb" root
done
apt-get -c apt.conf -qq download \
	linux-binary-7.3.4+deb13-arm64:arm64=7.3.4-1~bpo13+1
for deb in ./*.deb; do
	dpkg-deb -x "$deb" guest
done

cat > init.c <<'END'
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#define CHECK(call) ((call) < 0 ? (perror(#call), reboot(RB_POWER_OFF), 0) : 0)
#define DIST KVM_DEV_ARM_VGIC_GRP_DIST_REGS

static int gic;

static uint32_t reg(unsigned long request, uint32_t offset, uint32_t value)
{
	struct kvm_device_attr a = { .group = DIST, .attr = offset, .addr = (uintptr_t)&value };

	CHECK(ioctl(gic, request, &a));
	return value;
}

static void write_reg(uint32_t offset, uint32_t value)
{
	reg(KVM_SET_DEVICE_ATTR, offset, value);
}

static void set(uint32_t group, uint64_t attr, uint64_t *value)
{
	struct kvm_device_attr a = { .group = group, .attr = attr, .addr = (uintptr_t)value };

	CHECK(ioctl(gic, KVM_SET_DEVICE_ATTR, &a));
}

/* What a guest reads from ICC_IAR1_EL1 once SPI 33 is enabled and pending. */
static void try(int kvm, int enabled_first)
{
	static const uint32_t code[] = {
		0xd2801fe0, /* mov x0, #0xff */
		0xd5184600, /* msr ICC_PMR_EL1, x0 */
		0xd2800020, /* mov x0, #1 */
		0xd518cce0, /* msr ICC_IGRPEN1_EL1, x0 */
		0xd2a00063, /* mov x3, #0x30000: many looks */
		0xd5033fdf, /* isb */
		0xd538cc01, /* mrs x1, ICC_IAR1_EL1 */
		0x710ffc3f, /* cmp w1, #1023 */
		0x54000061, /* b.ne . + 12 */
		0xd1000463, /* sub x3, x3, #1 */
		0xb5ffff63, /* cbnz x3, . - 20 */
		0xd2aa0002, /* mov x2, #0x50000000 */
		0xb9000041, /* str w1, [x2] */
	};
	uint64_t dist = 0x8000000, redist = 0x80a0000, pc = 0x40000000;
	uint32_t irqs = 64, got;
	int vm = ioctl(kvm, KVM_CREATE_VM, 0), vcpu;
	void *ram = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct kvm_userspace_memory_region region = { 0, 0, 0x40000000, 65536, (uintptr_t)ram };
	struct kvm_create_device device = { .type = KVM_DEV_TYPE_ARM_VGIC_V3 };
	struct kvm_one_reg one = { .id = KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE |
					 KVM_REG_ARM_CORE_REG(regs.pc), .addr = (uintptr_t)&pc };
	struct kvm_vcpu_init init;
	struct kvm_run *run;

	memcpy(ram, code, sizeof(code));
	CHECK(vm);
	CHECK(ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region));
	CHECK(vcpu = ioctl(vm, KVM_CREATE_VCPU, 0));
	CHECK(ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init));
	CHECK(ioctl(vcpu, KVM_ARM_VCPU_INIT, &init));
	CHECK(ioctl(vcpu, KVM_SET_ONE_REG, &one));
	CHECK(ioctl(vm, KVM_CREATE_DEVICE, &device));
	gic = device.fd;
	set(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, (uint64_t *)&irqs);
	set(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &dist);
	set(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, &redist);
	set(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL);
	if (enabled_first)
		write_reg(0x0, 0x12);	/* GICD_CTLR: ARE, EnableGrp1 */
	write_reg(0x84, 2);		/* IGROUPR1: SPI 33 */
	write_reg(0x204, 2);		/* ISPENDR1 */
	write_reg(0x104, 2);		/* ISENABLER1 */
	if (!enabled_first)
		write_reg(0x0, 0x12);
	run = mmap(NULL, ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0), PROT_READ | PROT_WRITE,
		   MAP_SHARED, vcpu, 0);
	printf("GICD_CTLR written %s: it is 0x%x, ISENABLER 0x%x, ISPENDR 0x%x; ",
	       enabled_first ? "first" : "last", reg(KVM_GET_DEVICE_ATTR, 0, 0),
	       reg(KVM_GET_DEVICE_ATTR, 0x104, 0), reg(KVM_GET_DEVICE_ATTR, 0x204, 0));
	CHECK(ioctl(vcpu, KVM_RUN, 0));
	memcpy(&got, run->mmio.data, 4);
	printf("exit %u, the guest got %u\n", run->exit_reason, got);
}

int main(void)
{
	struct utsname name;
	int kvm;

	mkdir("/dev", 0755);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	dup2(dup2(open("/dev/console", O_RDWR), 0), 1);
	dup2(1, 2);
	setvbuf(stdout, NULL, _IONBF, 0);
	uname(&name);
	printf("Linux %s\n", name.release);
	CHECK(kvm = open("/dev/kvm", O_RDWR));
	try(kvm, 1);
	try(kvm, 0);
	reboot(RB_POWER_OFF);
}
END
aarch64-linux-gnu-gcc -std=gnu11 -O2 -static -o init init.c
echo init | cpio -o -H newc --quiet > initrd

for loader in root/usr/lib/*-linux-gnu/ld-linux-*; do :; done
timeout 120 "$loader" --library-path "${loader%/*}" root/usr/bin/qemu-system-aarch64 \
	-L root/usr/share/qemu -M virt,virtualization=on,gic-version=3 -cpu neoverse-n1 -m 512 \
	-display none -nodefaults -serial stdio -no-reboot -initrd initrd \
	-kernel guest/usr/lib/modules/*/vmlinuz -append "console=ttyAMA0 quiet" \
	</dev/null | tr -d '\r' | grep -E "^(Linux|GICD)" | tee seen
grep -q "first: .* 0x2, ISPENDR 0x2; .* got 33$" seen
grep -q "last: .* 0x2, ISPENDR 0x2; .* got 1023$" seen
