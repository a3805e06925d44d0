import Glibc

/// Another program of this machine that is told something.
public enum Program {
    /// Starts a program, without a shell, with some bytes on its standard input and nothing of our environment but where
    /// programs and its home lie; answers its exit status. What takes too long is ended, with all that it started.
    public static func run(_ words: [String], input: [UInt8], milliseconds: Int) throws -> Int32 {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw MachineError("start", "a program")
        }
        defer { close(ends[0]) }
        let child: pid_t
        do {
            defer { close(ends[1]) }
            child = try spawn(words, input: ends[1])
        }
        let end = Moment.monotonicMilliseconds() + Int64(milliseconds)
        feed(ends[0], input, until: end)
        return try wait(child, until: end)
    }

    private static func spawn(_ words: [String], input: Int32) throws(MachineError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        for output: Int32 in [1, 2] { posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What we made of signals is not what a program expects.
        var usual = sigset_t()
        sigemptyset(&usual)
        for number in [SIGPIPE, SIGXFSZ, SIGINT, SIGTERM, SIGHUP, SIGUSR1] { sigaddset(&usual, number) }
        posix_spawnattr_setsigdefault(&attributes, &usual)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        var arguments = words.map { strdup($0) } + [nil]
        var environment =
            ["PATH", "HOME", "LANG", "TZ"].compactMap { name in
                ThisProcess.variable(name).map { strdup("\(name)=\($0)") }
            } + [nil]
        defer { for text in arguments + environment { free(text) } }
        var child: pid_t = 0
        let code = posix_spawnp(&child, words[0], &actions, &attributes, &arguments, &environment)
        guard code == 0 else { throw MachineError("start", words[0], code: code) }
        return child
    }

    /// A program that does not want to hear it all has heard enough.
    private static func feed(_ descriptor: Int32, _ input: [UInt8], until end: Int64) {
        var sent = 0
        while sent < input.count {
            let left = end - Moment.monotonicMilliseconds()
            guard left > 0, Interruption.signalNumber == nil else { break }
            var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&waiting, 1, Int32(min(left, 200))) > 0 else { continue }
            let count = input.withUnsafeBytes { bytes in
                send(
                    descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count < 0, errno == EAGAIN || errno == EINTR { continue }
            guard count > 0 else { break }
            sent += count
        }
        shutdown(descriptor, Int32(SHUT_WR))
    }

    private static func wait(_ child: pid_t, until end: Int64) throws -> Int32 {
        var status: Int32 = 0
        while true {
            let code = waitpid(child, &status, WNOHANG)
            if code == child { break }
            if code < 0, errno != EINTR { throw MachineError("wait for", "a program") }
            if Moment.monotonicMilliseconds() >= end || Interruption.signalNumber != nil { kill(-child, SIGKILL) }
            usleep(2_000)
        }
        // As shells count.
        return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }
}
