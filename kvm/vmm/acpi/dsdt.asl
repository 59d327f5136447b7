/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's devices. NCPU is written by acpi.c: it is how many of the
 * processors there are.
 */
#define PROCESSOR(name, uid) \
	Device (name) { \
		Name (_HID, "ACPI0007") \
		Name (_UID, uid) \
		Method (_STA) { \
			If (uid < NCPU) { Return (0x0f) } \
			Return (0) \
		} \
	}

DefinitionBlock ("", "DSDT", 2, "OSDEI ", "OPENSDEI", 1)
{
	Scope (\_SB)
	{
		Name (NCPU, 0x7e)
		PROCESSOR (CPU0, 0)
		PROCESSOR (CPU1, 1)
		PROCESSOR (CPU2, 2)
		PROCESSOR (CPU3, 3)
		PROCESSOR (CPU4, 4)
		PROCESSOR (CPU5, 5)
		PROCESSOR (CPU6, 6)
		PROCESSOR (CPU7, 7)

		Device (COM0)
		{
			Name (_HID, "ARMH0011")
			Name (_UID, 0)
			Name (_CRS, ResourceTemplate ()
			{
				Memory32Fixed (ReadWrite, 0x09000000, 0x1000)
				Interrupt (ResourceConsumer, Level, ActiveHigh,
					   Exclusive) { 33 }
			})
		}

		/*
		 * The buffer as it came grants all that is asked for (6.2.11.2),
		 * firmware-first error reporting among it.
		 */
		Method (_OSC, 4, NotSerialized)
		{
			Return (Arg3)
		}
	}
}
