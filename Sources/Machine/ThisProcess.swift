import Glibc

/// This process and what surrounds it.
public enum ThisProcess {
    public static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    public static var identifier: Int32 { getpid() }

    public static var user: UInt32 { getuid() }

    /// Files are for their owner alone, no core dump holds a secret, and a closed pipe is an error and not a death.
    public static func harden() {
        umask(0o077)
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        signal(SIGPIPE, SIG_IGN)
        // A write beyond a limit of file size then fails as a full disk does.
        signal(SIGXFSZ, SIG_IGN)
        tzset()
    }

    public static func exit(_ code: Int32) -> Never { Glibc.exit(code) }

    /// The processors on which threads can run at the same time.
    public static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// How long processors have worked for this process, all its threads together, in nanoseconds.
    public static var processorNanoseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// The peak of the memory that was really in use, in bytes; nil where the kernel does not say.
    public static var peakMemory: Int? { statusValue("VmHWM:") }

    public static var memory: Int? { statusValue("VmRSS:") }

    /// How many files and sockets are open, and how many may be; nil where the kernel does not say.
    public static var descriptors: (open: Int, limit: Int)? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0,
            let names = try? Folder.names(in: "/proc/self/fd")
        else { return nil }
        return (names.count, Int(clamping: limit.rlim_cur))
    }

    private static func statusValue(_ name: String) -> Int? {
        guard let bytes = try? Folder.read("/proc/self/status", limit: 1 << 16) else { return nil }
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(name) }
        return line.flatMap { line in line.split(separator: " ").compactMap { Int($0.filter(\.isNumber)) }.first }
            .map { $0 * 1024 }
    }
}

/// Set by SIGINT and SIGTERM; long work looks at it between two steps and stops cleanly.
public enum Interruption {
    // A signal handler may do nothing but write a number.
    nonisolated(unsafe) private static var received: Int32 = 0

    public static func watch() {
        var action = sigaction()
        // Without SA_RESTART: what waits for input returns, so that it can look.
        action.__sigaction_handler.sa_handler = { number in
            // The second time there is no more waiting.
            if Interruption.received != 0 { _exit(128 + number) }
            Interruption.received = number
        }
        for number in [SIGINT, SIGTERM] { sigaction(number, &action, nil) }
        // Whoever started us may have blocked them, and then they would never be heard.
        var wanted = sigset_t()
        sigemptyset(&wanted)
        for number in [SIGINT, SIGTERM] { sigaddset(&wanted, number) }
        sigprocmask(SIG_UNBLOCK, &wanted, nil)
    }

    /// The signal that asked to stop, or nil.
    public static var signalNumber: Int32? { received == 0 ? nil : received }
}

/// What a signal asks of a service while it runs: SIGHUP to look at everything anew, SIGUSR1 to say how far it is.
public enum SignalWish: Sendable, CaseIterable {
    case lookAnew, tell

    // A signal handler may do nothing but write a number.
    nonisolated(unsafe) private static var isLookWanted: Int32 = 0
    nonisolated(unsafe) private static var isTellingWanted: Int32 = 0

    /// From now on they are wishes; without it, each of them ends the process.
    public static func watch() {
        var action = sigaction()
        action.sa_flags = SA_RESTART
        action.__sigaction_handler.sa_handler = { number in
            if number == SIGHUP { SignalWish.isLookWanted = 1 } else { SignalWish.isTellingWanted = 1 }
        }
        for number in [SIGHUP, SIGUSR1] { sigaction(number, &action, nil) }
    }

    /// The wishes since the last call.
    public static func take() -> [SignalWish] {
        var wishes: [SignalWish] = []
        if isLookWanted != 0 {
            isLookWanted = 0
            wishes.append(.lookAnew)
        }
        if isTellingWanted != 0 {
            isTellingWanted = 0
            wishes.append(.tell)
        }
        return wishes
    }
}
