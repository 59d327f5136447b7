/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * \_SB._OSC for the whole platform (ACPI 6.5, 6.2.11.2): giving the buffer back
 * as it came grants everything asked for. The kernel asks for APEI support here
 * and uses firmware-first error reporting only if it is granted.
 */
DefinitionBlock ("", "SSDT", 2, "OSDEI ", "OPENSDEI", 1)
{
	Scope (\_SB)
	{
		Method (_OSC, 4, NotSerialized)
		{
			Return (Arg3)
		}
	}
}
