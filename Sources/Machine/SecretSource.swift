import Glibc

/// Where a password or a token is taken from. It is never a word of the command line: every user of the machine can read
/// those, and shells keep them.
public enum SecretSource: Sendable, Equatable {
    /// The first line of a file that nobody else can read.
    case file(String)
    /// The first line that a command of the shell prints, as `pass show calendar`.
    case command(String)
    /// The first line of a file, a pipe or a socket that is open already.
    case descriptor(Int32)
    /// What a person types, without showing it.
    case prompt(String)

    /// A password that is longer than this is a mistake.
    public static let longest = 16 << 10

    /// How long a command may take; some ask a person for another password first.
    public static let patience = 120_000

    /// Decides by what was given; without any, a person is asked.
    public init(
        file: String? = nil, command: String? = nil, descriptor: Int32? = nil, question: String
    ) throws(SecretSourceError) {
        let given: [SecretSource?] = [
            file.map(Self.file), command.map(Self.command), descriptor.map(Self.descriptor),
        ]
        let sources = given.compactMap(\.self)
        guard sources.count <= 1 else { throw .severalSources }
        self = sources.first ?? .prompt(question)
    }

    /// All of a file that nobody else can read.
    public static func whole(_ path: String, limit: Int) throws -> [UInt8] {
        let file = try SecretFile.open(path)
        return try file.read(upTo: limit)
    }

    /// Lends the bytes, and wipes them afterwards.
    public func read<Answer>(_ use: ([UInt8]) throws -> Answer) throws -> Answer {
        var line = try line()
        defer { line.withUnsafeMutableBytes { if let start = $0.baseAddress { explicit_bzero(start, $0.count) } } }
        if line.isEmpty { throw SecretSourceError.empty(name) }
        return try use(line)
    }

    private func line() throws -> [UInt8] {
        switch self {
        case .file(let path): try SecretFile.line(path)
        case .command(let text): try ChildCommand.firstLine(text, limit: Self.longest, milliseconds: Self.patience)
        case .descriptor(let number): try SecretFile.line(descriptor: number)
        case .prompt(let question): try Prompt.secret(question)
        }
    }

    private var name: String {
        switch self {
        case .file(let path): path
        case .command: "the first line of the command"
        case .descriptor(let number): "file descriptor \(number)"
        case .prompt: "what was typed"
        }
    }
}

/// Why a secret could not be read.
public enum SecretSourceError: Error, Sendable, Equatable, CustomStringConvertible {
    case severalSources
    case empty(String)
    case tooLong(String)
    /// Others than its owner can read the file, or it belongs to somebody else.
    case open(path: String, reason: String)
    case notOpen(descriptor: Int32)
    case commandFailed(status: Int32)
    case commandTookTooLong(milliseconds: Int)
    /// There is nobody to ask.
    case noTerminal
    case interrupted

    public var description: String {
        switch self {
        case .severalSources:
            "several sources of the password were given; name one of --password-file, --password-command and "
                + "--password-fd"
        case .empty(let name): "\(name) is empty, where a password was expected"
        case .tooLong(let name): "\(name) is longer than \(SecretSource.longest) bytes, which no password is"
        case .open(let path, let reason): "\(path) \(reason); close it with: chmod 600 \(path)"
        case .notOpen(let number):
            "file descriptor \(number) is not open for reading; as in: --password-fd 3 3< FILE"
        case .commandFailed(let status): "the command for the password ended with \(status)"
        case .commandTookTooLong(let milliseconds):
            "the command for the password took longer than \(milliseconds / 1_000) seconds"
        case .noTerminal:
            "there is no terminal on which to ask for the password; give --password-file, --password-command or "
                + "--password-fd"
        case .interrupted: "stopped"
        }
    }
}

/// The first line of what can be read.
enum SecretFile {
    private static let othersBits: mode_t = 0o077

    /// Looks at the file that was really opened: what has the name may be another a moment later.
    static func line(_ path: String) throws -> [UInt8] {
        let file = try open(path)
        return try line(descriptor: file.descriptor, name: path)
    }

    static func open(_ path: String) throws -> File {
        let file = try File.reading(path)
        var status = stat()
        guard fstat(file.descriptor, &status) == 0 else { throw MachineError("read", path) }
        // systemd sees to it that nobody else gets at its credentials, also where their bits say otherwise.
        let isCredential = ThisProcess.variable("CREDENTIALS_DIRECTORY").map { path.hasPrefix($0 + "/") } ?? false
        if status.st_mode & S_IFMT == S_IFREG, !isCredential {
            guard status.st_mode & othersBits == 0 else {
                let mode = String(status.st_mode & 0o777, radix: 8)
                throw SecretSourceError.open(path: path, reason: "can be read by others (its mode is \(mode))")
            }
            guard status.st_uid == getuid() || status.st_uid == 0 else {
                throw SecretSourceError.open(path: path, reason: "belongs to somebody else")
            }
        }
        return file
    }

    static func line(descriptor: Int32) throws -> [UInt8] {
        let flags = fcntl(descriptor, F_GETFL)
        guard flags >= 0, flags & O_ACCMODE != O_WRONLY else {
            throw SecretSourceError.notOpen(descriptor: descriptor)
        }
        return try line(descriptor: descriptor, name: "file descriptor \(descriptor)")
    }

    /// Byte by byte, so that what stands after the line is left for whoever wants it.
    static func line(descriptor: Int32, name: String) throws -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(SecretSource.longest + 1)
        while true {
            var byte: UInt8 = 0
            let count = Glibc.read(descriptor, &byte, 1)
            if count < 0, errno == EINTR {
                if Interruption.signalNumber != nil { throw SecretSourceError.interrupted }
                continue
            }
            guard count >= 0 else { throw MachineError("read", name) }
            if count == 0 || byte == 0x0a { break }
            line.append(byte)
            if line.count > SecretSource.longest { throw SecretSourceError.tooLong(name) }
        }
        if line.last == 0x0d { line.removeLast() }
        return line
    }
}
