/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What QEMU's `sbsa-ref` has beside its processors (cpus.c): the console, the disks and
 * the PCI Express host bridge. The RTC is not here: it is the doorbell of EINJ and ERST.
 * USB is not here: its controller is an EHCI in QEMU 7.2, and an XHCI in 11.1.
 */
DefinitionBlock ("", "DSDT", 2, "OSDEI ", "SBSA-REF", 1)
{
	Scope (\_SB)
	{
		Device (COM0)
		{
			Name (_HID, "ARMH0011")
			Name (_UID, 0)
			Name (_CRS, ResourceTemplate () {
				Memory32Fixed (ReadWrite, 0x60000000, 0x1000)
				Interrupt (ResourceConsumer, Level, ActiveHigh, Exclusive) { 33 }
			})
		}

		Device (AHC0)
		{
			Name (_HID, "LNRO001E")
			Name (_UID, 0)
			Name (_CLS, Package () { 0x01, 0x06, 0x01 })
			Name (_CCA, 1)
			Name (_CRS, ResourceTemplate () {
				Memory32Fixed (ReadWrite, 0x60100000, 0x10000)
				Interrupt (ResourceConsumer, Level, ActiveHigh, Exclusive) { 42 }
			})
		}

		Device (PCI0)
		{
			Name (_HID, "PNP0A08")
			Name (_CID, "PNP0A03")
			Name (_UID, 0)
			Name (_SEG, 0)
			Name (_BBN, 0)
			Name (_CCA, 1)
			Name (_CRS, ResourceTemplate () {
				WordBusNumber (ResourceProducer, MinFixed, MaxFixed, PosDecode,
					0, 0, 255, 0, 256)
				DWordMemory (ResourceProducer, PosDecode, MinFixed, MaxFixed,
					NonCacheable, ReadWrite,
					0, 0x80000000, 0xEFFFFFFF, 0, 0x70000000)
				QWordMemory (ResourceProducer, PosDecode, MinFixed, MaxFixed,
					NonCacheable, ReadWrite,
					0, 0x100000000, 0xFFFFFFFFFF, 0, 0xFF00000000)
				DWordIO (ResourceProducer, MinFixed, MaxFixed, PosDecode,
					EntireRange, 0, 0, 0xFFFF, 0x7FFF0000, 0x10000,
					, , , TypeTranslation)
			})
			/* Pin p of device d is SPI 3 + (d + p) % 4, whatever the device. */
			Method (_PRT, 0, Serialized)
			{
				Local0 = Package (128) { }
				Local1 = 0
				While (Local1 < 128)
				{
					Local2 = Package (4) { }
					Local2 [0] = ((Local1 >> 2) << 16) | 0xFFFF
					Local2 [1] = Local1 & 3
					Local2 [2] = 0
					Local2 [3] = 35 + (((Local1 >> 2) + Local1) & 3)
					Local0 [Local1] = Local2
					Local1++
				}
				Return (Local0)
			}
		}

		/* Configuration space is nobody else's (PCI Firmware 3.3, 4.1.2). */
		Device (RES0)
		{
			Name (_HID, "PNP0C02")
			Name (_CRS, ResourceTemplate () {
				Memory32Fixed (ReadWrite, 0xF0000000, 0x10000000)
			})
		}
	}
}
