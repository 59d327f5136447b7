#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# tools/manual.sh SDEI VERSION PAGE - the manual page of `sdei`, or of one of its
# commands (PAGE ends in sdei-COMMAND.1), made by help2man out of its --help.
set -eu

program=$1
version=$2
page=$3
name=$(basename "$page" .1)
command=${name#sdei}
command=${command#-}

case $command in
'')          what='hardware errors and SDEI events on a virtual Arm server' ;;
run)         what='start a machine with the OpenSDEI firmware' ;;
inject)      what='report hardware errors to a machine' ;;
status)      what='show the events, PEs and error sources of a machine' ;;
trace)       what='show, follow or draw what passes through EL3' ;;
explain)     what='say why an event is not delivered or an error not logged' ;;
doctor)      what='say what this machine lacks, and what mends it' ;;
list)        what='list the machines and guests that run here' ;;
stop)        what='switch a machine off' ;;
conformance) what='judge an SDEI dispatcher by the specification' ;;
decode)      what='say in words what the bytes of an error record mean' ;;
bench)       what='count the instructions of a firmware for each SDEI call' ;;
campaign)    what='boot many machines and compare what became of their errors' ;;
*)           echo "manual.sh: sdei has no command '$command'" >&2; exit 1 ;;
esac

command -v help2man > /dev/null ||
	{ echo "manual.sh: pages are made by help2man, which is not installed" >&2; exit 1; }
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-0} LC_ALL=C help2man --no-info --section=1 \
	--name="$what" --version-string="$version" --source="OpenSDEI $version" \
	--manual='OpenSDEI' --output="$page" "$program${command:+ $command}"
# whatis wants one word, and it is the page's name.
sed -i "s/^sdei $command \\\\-/$name \\\\-/" "$page"
