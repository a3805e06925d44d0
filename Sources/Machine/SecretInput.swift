import Glibc

/// Where passwords come from: never from the command line, which every user of the machine can read.
public enum SecretInput {
    /// Larger than any password or token.
    private static let mostBytes = 64 << 10

    /// Asks at the terminal, and shows nothing of what is typed.
    public static func prompt(_ question: String) throws(MachineError) -> [UInt8] {
        try Terminal.write(question, to: .error)
        var before = termios()
        guard tcgetattr(0, &before) == 0 else {
            return try firstLine { () throws(MachineError) in try Terminal.read(upTo: 4_096) }
        }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(0, TCSAFLUSH, &silent)
        defer {
            tcsetattr(0, TCSAFLUSH, &before)
            try? Terminal.write("\n", to: .error)
        }
        return try firstLine { () throws(MachineError) in try Terminal.read(upTo: 4_096) }
    }

    /// One line that may be seen.
    public static func line(_ question: String) throws(MachineError) -> [UInt8] {
        try Terminal.write(question, to: .error)
        return try firstLine { () throws(MachineError) in try Terminal.read(upTo: 4_096) }
    }

    /// The first line of a file that nobody else can read.
    public static func file(_ path: String) throws(MachineError) -> [UInt8] {
        let facts = Folder.facts(path)
        if let facts, facts.mode & 0o077 != 0 {
            throw MachineError("read a secret that others can read in", path, code: EPERM)
        }
        return Self.first(try Folder.read(path, limit: mostBytes))
    }

    /// The first line that comes from a file descriptor which whoever started the program opened.
    public static func descriptor(_ number: Int32) throws(MachineError) -> [UInt8] {
        try firstLine { () throws(MachineError) in
            var room = [UInt8](repeating: 0, count: 4_096)
            let count = Glibc.read(number, &room, room.count)
            guard count >= 0 else { throw MachineError("read", "file descriptor \(number)") }
            return Array(room.prefix(count))
        }
    }

    /// The first line that a command prints.
    public static func command(_ command: String) throws(MachineError) -> [UInt8] {
        guard let stream = popen(command, "re") else { throw MachineError("run", "the command for the password") }
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 4_096)
        while bytes.count < mostBytes {
            let count = fread(&room, 1, room.count, stream)
            if count == 0 { break }
            bytes += room.prefix(count)
        }
        guard pclose(stream) == 0 else { throw MachineError("get a password from", "the command for it", code: ECHILD) }
        return first(bytes)
    }

    private static func firstLine(_ more: () throws(MachineError) -> [UInt8]) throws(MachineError) -> [UInt8] {
        var bytes: [UInt8] = []
        while !bytes.contains(10), bytes.count < mostBytes {
            let next = try more()
            if next.isEmpty { break }
            bytes += next
        }
        return first(bytes)
    }

    private static func first(_ bytes: [UInt8]) -> [UInt8] {
        var line = Array(bytes.prefix { $0 != 10 })
        if line.last == 13 { line.removeLast() }
        return line
    }
}

/// The browser of whoever sits at this machine.
public enum Browser {
    /// Opens a page, if there is a browser; says nothing if not, because the page is shown as text as well.
    public static func open(_ page: String) {
        guard ThisProcess.variable("DISPLAY") != nil || ThisProcess.variable("WAYLAND_DISPLAY") != nil else { return }
        var child = pid_t()
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("xdg-open"), strdup(page), nil]
        defer { for argument in arguments { free(argument) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for stream in [Int32(1), 2] { posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0) }
        _ = posix_spawnp(&child, "xdg-open", &actions, nil, &arguments, environ)
    }
}
