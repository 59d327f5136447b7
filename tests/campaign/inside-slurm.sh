# SPDX-License-Identifier: BSD-2-Clause
# A cluster of this one machine; the campaign as an array of jobs; its report.

dpkg-query -W -f '${Package} ${Version}\n' slurmctld slurmd
mkdir -p /run/munge /etc/slurm /var/spool/slurmctld /var/spool/slurmd
chown munge /run/munge
runuser -u munge -- munged
memory=$(($(sed -n 's/^MemTotal: *\([0-9]*\).*/\1/p' /proc/meminfo) / 1024 - 512))
cat > /etc/slurm/slurm.conf <<END
ClusterName=sdei
SlurmctldHost=node
SlurmUser=root
SlurmctldLogFile=/campaign/slurmctld.log
SlurmdLogFile=/campaign/slurmd.log
StateSaveLocation=/var/spool/slurmctld
SlurmdSpoolDir=/var/spool/slurmd
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
NodeName=node CPUs=$(nproc) RealMemory=$memory State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
# It counts by process groups. Of the machine's control groups it is to know nothing.
echo CgroupPlugin=cgroup/v1 > /etc/slurm/cgroup.conf
rm -rf /var/spool/slurmctld/* results jobs
slurmctld -c
slurmd -N node
for second in $(seq 30); do
	[ "$(timeout 5 sinfo -h -o %T)" = idle ] && break
	sleep 1
done
timeout 10 sinfo
sdei campaign --slurm jobs --results results small.yaml
timeout 600 sbatch --wait jobs/campaign.sbatch
cat jobs/*.out
sdei campaign --report --results results small.yaml
pkill -x slurmctld
pkill -x slurmd
