//! What this machine lets one process hold: descriptors, threads, memory, and how they are shared out.
//!
//! Read once at start, because a refusal by us (503, with a time to come back) is better than one by the kernel
//! (`EMFILE`, `EAGAIN`) in the middle of something. A small VPS gives about 7,800 threads, a systemd unit about 1,170.

use std::fs;
use std::path::{Path, PathBuf};

use rustix::process::{Resource, getrlimit, setrlimit};

use crate::model::limits;

/// Descriptors left for the database, its readers, backups and the outside.
const DESCRIPTORS_RESERVED: u64 = 128;
/// Threads left for the store, the workers and the system's own.
const THREADS_RESERVED: u64 = 64;
/// Bytes that a socket thread costs with the kernel's part; 44 KB were measured for an idle one.
const SOCKET_THREAD_BYTES: u64 = 48 * 1024;

/// How much of everything this process takes, and what binds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ceiling {
    /// Connections that speak HTTP at a time, one thread each.
    pub connections: usize,
    /// Threads that own WebSockets.
    pub socket_threads: usize,
    /// WebSockets, one descriptor each.
    pub sockets: usize,
    /// The scarcest resource, in words for the first lines of the log.
    pub bound_by: &'static str,
}

/// What the system says; `u64::MAX` is "no limit".
#[derive(Clone, Copy, Debug)]
struct Machine {
    descriptors: u64,
    threads: u64,
    memory_bytes: u64,
}

impl Ceiling {
    /// Raises the soft limit of descriptors to the hard one and shares out what there is.
    pub fn of_this_machine() -> Ceiling {
        raise_descriptors();
        Ceiling::of(Machine {
            descriptors: getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX),
            threads: threads(),
            memory_bytes: memory_bytes(),
        })
    }

    fn of(machine: Machine) -> Ceiling {
        let threads = machine.threads.saturating_sub(THREADS_RESERVED).max(4);
        let descriptors = machine.descriptors.saturating_sub(DESCRIPTORS_RESERVED).max(8);
        let connections = (limits::HTTP_CONNECTIONS as u64).min(threads / 2).min(descriptors / 3);
        // A twentieth of the memory for stacks: the rest belongs to what people wrote.
        let by_memory = (machine.memory_bytes / 20 / SOCKET_THREAD_BYTES).max(1);
        let socket_threads = (limits::SOCKET_THREADS as u64).min(threads / 4).min(by_memory);
        let bound_by = if connections == limits::HTTP_CONNECTIONS as u64 {
            "our own limit"
        } else if threads / 2 <= descriptors / 3 {
            "the limit of threads (threads-max, pids.max, RLIMIT_NPROC)"
        } else {
            "the limit of open files (RLIMIT_NOFILE)"
        };
        Ceiling {
            connections: count(connections),
            socket_threads: count(socket_threads),
            // Each socket thread has an eventfd besides its sockets.
            sockets: count(descriptors.saturating_sub(connections + socket_threads)),
            bound_by,
        }
    }
}

fn count(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX).clamp(1, 1_000_000)
}

fn raise_descriptors() {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        limit.current = limit.maximum;
        // Not allowed is not wrong: we go on with what we have.
        let _ = setrlimit(Resource::Nofile, limit);
    }
}

fn threads() -> u64 {
    let system = number_in(Path::new("/proc/sys/kernel/threads-max"));
    let user = getrlimit(Resource::Nproc).current;
    let group = smallest_in_groups("pids.max", "pids");
    [system, user, group].into_iter().flatten().min().unwrap_or(u64::MAX)
}

fn memory_bytes() -> u64 {
    let group = smallest_in_groups("memory.max", "memory");
    let machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?.trim();
        line.strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
    });
    [group, machine].into_iter().flatten().min().unwrap_or(u64::MAX)
}

fn number_in(path: &Path) -> Option<u64> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// The smallest value of `file` in our control group and all above it: each of them binds.
fn smallest_in_groups(file: &str, controller: &str) -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    group_folders(&groups, controller)
        .iter()
        .flat_map(|folder| folder.ancestors().take_while(|above| above.starts_with("/sys/fs/cgroup")))
        .filter_map(|folder| number_in(&folder.join(file)))
        .min()
}

/// The folders of a process in both versions of control groups, from the text of `/proc/self/cgroup` (cgroups(7)).
fn group_folders(groups: &str, controller: &str) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for line in groups.lines() {
        let mut parts = line.splitn(3, ':');
        let (Some(_), Some(controllers), Some(path)) = (parts.next(), parts.next(), parts.next()) else { continue };
        let path = path.trim_start_matches('/');
        if controllers.is_empty() {
            folders.push(Path::new("/sys/fs/cgroup").join(path));
        } else if controllers.split(',').any(|name| name == controller) {
            folders.push(Path::new("/sys/fs/cgroup").join(controller).join(path));
        }
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_big_machine_gives_our_own_limits_and_a_small_one_what_it_has() {
        let big = Ceiling::of(Machine { descriptors: u64::MAX, threads: u64::MAX, memory_bytes: u64::MAX });
        assert_eq!(big.connections, limits::HTTP_CONNECTIONS);
        assert_eq!(big.socket_threads, limits::SOCKET_THREADS);
        assert_eq!(big.bound_by, "our own limit");

        let unit = Ceiling::of(Machine { descriptors: 524_288, threads: 1_170, memory_bytes: 1 << 30 });
        assert_eq!((unit.connections, unit.socket_threads), (553, limits::SOCKET_THREADS));
        let small = Ceiling::of(Machine { descriptors: 524_288, threads: 300, memory_bytes: 1 << 30 });
        assert_eq!((small.connections, small.socket_threads), (118, 59));
        assert!(unit.bound_by.contains("threads"));

        let shell = Ceiling::of(Machine { descriptors: 1_024, threads: 7_800, memory_bytes: 1 << 30 });
        assert_eq!((shell.connections, shell.sockets), (298, 1_024 - 128 - 298 - limits::SOCKET_THREADS));
        assert!(shell.bound_by.contains("open files"));

        let tiny = Ceiling::of(Machine { descriptors: 0, threads: 0, memory_bytes: 0 });
        assert!(tiny.connections >= 1 && tiny.socket_threads >= 1 && tiny.sockets >= 1);
    }

    #[test]
    fn control_groups_of_both_versions_are_found() {
        let v2 = group_folders("0::/system.slice/beseda.service\n", "pids");
        assert_eq!(v2, [Path::new("/sys/fs/cgroup/system.slice/beseda.service")]);
        let v1 = group_folders("9:cpu,cpuacct:/x\n8:pids:/docker/abc\n", "pids");
        assert_eq!(v1, [Path::new("/sys/fs/cgroup/pids/docker/abc")]);
    }

    #[test]
    fn this_machine_can_serve_somebody() {
        let ceiling = Ceiling::of_this_machine();
        assert!(ceiling.connections >= 1 && ceiling.sockets >= 1 && ceiling.socket_threads >= 1);
    }
}
