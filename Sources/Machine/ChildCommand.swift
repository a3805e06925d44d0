import Glibc

/// Another program whose output is wanted.
enum ChildCommand {
    /// Runs a line of the shell, and answers the first line that it prints. What it says of its own on standard error is
    /// seen by whoever runs us; standard input is empty for it.
    static func firstLine(_ command: String, limit: Int, milliseconds: Int) throws -> [UInt8] {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw MachineError("start", "a command") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        // Where a person is there the command may ask them, for which it must be where the terminal is.
        let isAlone = isatty(0) != 1
        let child: pid_t
        do {
            defer { close(ends[1]) }
            child = try spawn(command, output: ends[1], inOwnGroup: isAlone)
        }
        let end = Moment.monotonicMilliseconds() + Int64(milliseconds)
        let outcome = Result<[UInt8], Stop> { () throws(Stop) in try collect(ends[0], limit: limit, until: end) }
        if case .failure = outcome { kill(isAlone ? -child : child, SIGKILL) }
        let status = try wait(child, isAlone, until: end)
        switch outcome {
        case .success(let bytes):
            guard status == 0 else { throw SecretSourceError.commandFailed(status: status) }
            let line = Array(bytes.prefix { $0 != 0x0a })
            return line.last == 0x0d ? Array(line.dropLast()) : line
        case .failure(.timedOut): throw SecretSourceError.commandTookTooLong(milliseconds: milliseconds)
        case .failure(.tooLong): throw SecretSourceError.tooLong("what the command printed")
        case .failure(.interrupted): throw SecretSourceError.interrupted
        }
    }

    private static func spawn(_ command: String, output: Int32, inOwnGroup: Bool) throws(MachineError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What we made of signals is not what a command expects.
        var usual = sigset_t()
        sigemptyset(&usual)
        for number in [SIGPIPE, SIGXFSZ, SIGINT, SIGTERM] { sigaddset(&usual, number) }
        posix_spawnattr_setsigdefault(&attributes, &usual)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGDEF | (inOwnGroup ? POSIX_SPAWN_SETPGROUP : 0)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var words: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup("-c"), strdup(command), nil]
        defer { for word in words { free(word) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, "/bin/sh", &actions, &attributes, &words, environ)
        guard code == 0 else { throw MachineError("start", "/bin/sh", code: code) }
        return child
    }

    private enum Stop: Error { case timedOut, tooLong, interrupted }

    /// All that is printed, up to the end or to a limit of bytes or time.
    private static func collect(_ descriptor: Int32, limit: Int, until end: Int64) throws(Stop) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let left = end - Moment.monotonicMilliseconds()
            if left <= 0 { throw .timedOut }
            if Interruption.signalNumber != nil { throw .interrupted }
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, Int32(min(left, 200))) > 0 else { continue }
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 { continue }
            if count == 0 { return bytes }
            bytes += buffer.prefix(count)
            if bytes.count > limit { throw .tooLong }
        }
    }

    /// How it ended. One that closed its output and goes on is ended when the time is over.
    private static func wait(_ child: pid_t, _ isAlone: Bool, until end: Int64) throws -> Int32 {
        var status: Int32 = 0
        while true {
            let code = waitpid(child, &status, WNOHANG)
            if code == child { break }
            if code < 0, errno != EINTR { throw MachineError("wait for", "a command") }
            if Moment.monotonicMilliseconds() >= end { kill(isAlone ? -child : child, SIGKILL) }
            usleep(2_000)
        }
        // As shells count.
        return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }
}
