//! What this process uses, as Linux tells it.

use std::{fs, time::Duration};

use crate::Outcome;

/// The most memory since it was last forgotten, in megabytes.
pub fn peak() -> Outcome<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? / 1024)
}

/// Begins anew from what is in use now.
pub fn forget_peak() -> Outcome {
    Ok(fs::write("/proc/self/clear_refs", "5")?)
}

/// How long all threads together were on a processor.
pub fn processor_time() -> Outcome<Duration> {
    let mut total = Duration::ZERO;
    for thread in fs::read_dir("/proc/self/task")? {
        let times = fs::read_to_string(thread?.path().join("schedstat"))?;
        let nanoseconds = times.split_whitespace().next().ok_or("no schedstat")?;
        total += Duration::from_nanos(nanoseconds.parse()?);
    }
    Ok(total)
}
