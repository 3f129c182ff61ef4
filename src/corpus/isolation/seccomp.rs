//! The system calls that a worker may make; all others are answered with `EPERM`.
//!
//! The list says what is allowed, so that a call that nobody has thought of, or that a later kernel
//! brings, is not. A refused call is an error and no end of the process: allocators and the standard
//! library ask for things that they can do without.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
    SeccompFilter, SeccompRule, TargetArch, apply_filter_all_threads,
};

/// Calls that are allowed whatever they are given. None takes a path or an address, makes a process
/// or reaches another, or makes a new file number.
const CALLS: &[i64] = &[
    // What is open: pipes.
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_close,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_poll,
    libc::SYS_ppoll,
    // Memory.
    libc::SYS_brk,
    libc::SYS_madvise,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_munmap,
    // Time and chance.
    libc::SYS_clock_getres,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_getrandom,
    libc::SYS_gettimeofday,
    libc::SYS_nanosleep,
    // The process itself, its signals and its end.
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_restart_syscall,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_sigaltstack,
];

#[cfg(target_arch = "aarch64")]
const ARCH: TargetArch = TargetArch::aarch64;
#[cfg(target_arch = "x86_64")]
const ARCH: TargetArch = TargetArch::x86_64;

/// Gives up all system calls but these, in every thread, where the kernel can be told so.
pub(super) fn by_seccomp() -> bool {
    let applied = filter(std::process::id()).and_then(|filter| apply_filter_all_threads(&filter));
    applied.is_ok()
}

/// The filter of the process of this number.
fn filter(process: u32) -> Result<BpfProgram, Error> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        CALLS.iter().map(|call| (*call, Vec::new())).collect();
    // Each is allowed where its first argument is this process: its limits are set under the number
    // 0, and an abort is a signal to itself.
    for (call, process) in
        [(libc::SYS_prlimit64, 0), (libc::SYS_tgkill, process), (libc::SYS_tkill, process)]
    {
        let itself =
            SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, process.into())?;
        rules.insert(call, vec![SeccompRule::new(vec![itself])?]);
    }
    let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let filter = SeccompFilter::new(rules, refused, SeccompAction::Allow, ARCH)?;
    Ok(filter.try_into()?)
}
