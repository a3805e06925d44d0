import Foundation
import Testing

@testable import Machine

/// A password from a file, a command, a descriptor or a person.
@Suite(.timeLimit(.minutes(1))) struct SecretSourceTests {
    private func text(_ source: SecretSource) throws -> String {
        try source.read { String(decoding: $0, as: UTF8.self) }
    }

    private func failure(_ source: SecretSource) -> SecretSourceError? {
        do {
            _ = try text(source)
            return nil
        } catch { return error as? SecretSourceError }
    }

    @Test func `one source is taken, several are refused, and without any a person is asked`() throws {
        #expect(try SecretSource(file: "a", question: "?") == .file("a"))
        #expect(try SecretSource(command: "a", question: "?") == .command("a"))
        #expect(try SecretSource(descriptor: 3, question: "?") == .descriptor(3))
        #expect(try SecretSource(question: "Password: ") == .prompt("Password: "))
        #expect(throws: SecretSourceError.severalSources) { try SecretSource(file: "a", command: "b", question: "?") }
    }

    // MARK: Files

    @Test(arguments: ["secret", "secret\n", "secret\r\n", "secret\nmore\n"])
    func `the first line of a file is the secret`(_ content: String) throws {
        try withFolder { folder in
            try Folder.replace(folder + "/password", with: Array(content.utf8))
            #expect(try text(.file(folder + "/password")) == "secret")
        }
    }

    @Test func `blanks and other letters are part of a secret`() throws {
        try withFolder { folder in
            try Folder.replace(folder + "/password", with: Array(" pÄss wörd\t \n".utf8))
            #expect(try text(.file(folder + "/password")) == " pÄss wörd\t ")
        }
    }

    @Test(arguments: [0o604, 0o640, 0o660, 0o622, 0o644])
    func `a file that others can get at is refused, with what to do`(_ mode: Int) throws {
        try withFolder { folder in
            let path = folder + "/password"
            try Folder.replace(path, with: Array("secret".utf8))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            let error = try #require(failure(.file(path)))
            #expect(error.description.contains("chmod 600 \(path)"))
            #expect(error.description.contains(String(mode, radix: 8)))
            #expect(!error.description.contains("secret"))
        }
    }

    @Test func `a file that is empty, too long or not there is told apart`() throws {
        try withFolder { folder in
            let path = folder + "/password"
            #expect(throws: MachineError.self) { try text(.file(path)) }
            for content in ["", "\n", "\r\n", "\nsecond line"] {
                try Folder.replace(path, with: Array(content.utf8))
                #expect(failure(.file(path)) == .empty(path))
            }
            let longest = SecretSource.longest
            try Folder.replace(path, with: [UInt8](repeating: 97, count: longest) + [10])
            #expect(try text(.file(path)).count == longest)
            try Folder.replace(path, with: [UInt8](repeating: 97, count: longest + 1))
            #expect(failure(.file(path)) == .tooLong(path))
        }
    }

    // MARK: Descriptors

    @Test func `of a descriptor the first line is read, and what follows is left`() throws {
        var ends: [Int32] = [0, 0]
        try Self.openPipe(&ends)
        defer { close(ends[0]) }
        _ = unsafe write(ends[1], "secret\nrest", 11)
        close(ends[1])
        #expect(try text(.descriptor(ends[0])) == "secret")
        #expect(try text(.descriptor(ends[0])) == "rest")
        #expect(failure(.descriptor(ends[0])) == .empty("file descriptor \(ends[0])"))
    }

    @Test func `a descriptor that cannot be read is said to be`() throws {
        #expect(failure(.descriptor(9_999)) == .notOpen(descriptor: 9_999))
        #expect(failure(.descriptor(-1)) == .notOpen(descriptor: -1))
        var ends: [Int32] = [0, 0]
        try Self.openPipe(&ends)
        #expect(failure(.descriptor(ends[1])) == .notOpen(descriptor: ends[1]))
        for end in ends { close(end) }
    }

    // MARK: Commands

    @Test(arguments: [
        ("echo secret", "secret"), ("printf 'secret'", "secret"), ("echo secret; echo more", "secret"),
        ("printf 'a\\r\\nb'", "a"), ("printf '%s' \"$0-$#\"", "sh-0"), ("cat; echo none", "none"),
    ])
    func `the first line that a command prints is the secret`(_ command: String, _ wanted: String) throws {
        #expect(try text(.command(command)) == wanted)
    }

    @Test func `a command that fails, says nothing or too much is told apart, and nothing of what it said is repeated`()
    {
        for (command, status) in [("echo secret; exit 3", 3), ("kill -9 $$", 137), ("/nonexistent/program", 127)] {
            let error = failure(.command(command))
            #expect(error == .commandFailed(status: Int32(status)))
            #expect(error?.description.contains("secret") == false)
        }
        #expect(failure(.command("true")) == .empty("the first line of the command"))
        #expect(failure(.command("head -c 20000 /dev/zero")) == .tooLong("what the command printed"))
    }

    @Test func `a command that takes too long is ended, with those that it started`() throws {
        for command in ["sleep 1000", "sleep 1000 & echo secret; wait", "exec 1>&-; sleep 1000", "yes > /dev/null"] {
            #expect(throws: (any Error).self) {
                try ChildCommand.firstLine(command, limit: 1_000, milliseconds: 100)
            }
        }
        let error = #expect(throws: SecretSourceError.self) {
            try ChildCommand.firstLine("sleep 1000", limit: 1_000, milliseconds: 100)
        }
        #expect(error == .commandTookTooLong(milliseconds: 100))
    }

    private static func openPipe(_ ends: inout [Int32]) throws { try #require(unsafe pipe(&ends) == 0) }

    // MARK: People

    /// The two ends of a terminal: what a person has before them, and what a program has.
    private static func openTerminal() throws -> (person: Int32, program: Int32) {
        let person = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY)
        try #require(person >= 0)
        // TIOCSPTLCK and TIOCGPTN, which Swift cannot read from the headers.
        var (lock, number): (Int32, Int32) = (0, 0)
        try #require(unsafe ioctl(person, 0x4004_5431, &lock) == 0 && ioctl(person, 0x8004_5430, &number) == 0)
        let program = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        try #require(program >= 0)
        return (person, program)
    }

    @Test func `what a person types is not shown, and the terminal is as before afterwards`() throws {
        let (master, terminal) = try Self.openTerminal()
        defer {
            close(master)
            close(terminal)
        }
        var before = termios()
        try #require(unsafe tcgetattr(terminal, &before) == 0)
        let typed = try Background { String(decoding: try Prompt.secret("Password: ", on: terminal), as: UTF8.self) }
        var seen = ""
        func look(for text: String) {
            var buffer = [UInt8](repeating: 0, count: 256)
            while !seen.contains(text) {
                let count = unsafe read(master, &buffer, buffer.count)
                if count <= 0 { return }
                seen += String(decoding: buffer.prefix(count), as: UTF8.self)
            }
        }
        look(for: "Password: ")
        _ = unsafe write(master, "canary\n", 7)
        #expect(try typed.wait() == "canary")
        look(for: "\n")
        #expect(!seen.contains("canary"))
        var after = termios()
        try #require(unsafe tcgetattr(terminal, &after) == 0)
        #expect(after.c_lflag == before.c_lflag)
        #expect(after.c_lflag & tcflag_t(ECHO) != 0)
    }

    @Test func `where there is no terminal nobody is asked`() throws {
        var ends: [Int32] = [0, 0]
        try Self.openPipe(&ends)
        #expect(throws: SecretSourceError.noTerminal) { try Prompt.secret("?", on: ends[0]) }
        for end in ends { close(end) }
    }
}
