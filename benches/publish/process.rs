//! What a process costs, as Linux counts it.

use std::fs;

use crate::support::Result;

/// Ticks of `/proc/<pid>/stat` a second: fixed by the kernel's interface, whatever its timer does.
const TICKS: u64 = 100;

/// Processor time of the process so far, in milliseconds.
///
/// # Errors
/// Where there is no such process.
pub fn cpu_milliseconds(pid: u32) -> Result<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The second field is a name and may hold spaces; user and system time are fields 14 and 15.
    let (_, fields) = stat.rsplit_once(") ").ok_or("a process without a name")?;
    let times: Vec<u64> =
        fields.split(' ').skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
    Ok(times.iter().sum::<u64>() * 1000 / TICKS)
}

/// Largest resident memory of the process so far, in MiB.
///
/// # Errors
/// Where there is no such process.
pub fn peak_memory(pid: u32) -> Result<f64> {
    memory(pid, "VmHWM:")
}

/// Resident memory of the process now, in MiB.
///
/// # Errors
/// Where there is no such process.
pub fn resident_memory(pid: u32) -> Result<f64> {
    memory(pid, "VmRSS:")
}

fn memory(pid: u32, name: &str) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes = kilobytes.ok_or_else(|| format!("the process {pid} has no {name}"))?;
    Ok(kilobytes.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
}
