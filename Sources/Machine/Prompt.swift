import Glibc

/// Asks a person at the terminal.
public enum Prompt {
    /// Asks for what must not be seen: what is typed is not shown, and the terminal is as before when this returns.
    ///
    /// The terminal itself is asked, also where standard input is something else.
    public static func secret(_ question: String) throws -> [UInt8] {
        let terminal = Glibc.open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { throw SecretSourceError.noTerminal }
        defer { close(terminal) }
        return try secret(question, on: terminal)
    }

    static func secret(_ question: String, on terminal: Int32) throws -> [UInt8] {
        var before = termios()
        guard tcgetattr(terminal, &before) == 0 else { throw SecretSourceError.noTerminal }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO | ECHOE | ECHOK | ECHONL)
        silent.c_lflag |= tcflag_t(ICANON)
        // Who is stopped here would leave a shell with a silent terminal, and come back to one that shows everything.
        withUnsafeMutableBytes(of: &silent.c_cc) { $0[Int(VSUSP)] = 0 }
        guard tcsetattr(terminal, TCSAFLUSH, &silent) == 0 else { throw SecretSourceError.noTerminal }
        defer {
            tcsetattr(terminal, TCSAFLUSH, &before)
            write("\n", to: terminal)
        }
        write(question, to: terminal)
        return try SecretFile.line(descriptor: terminal, name: "what was typed")
    }

    private static func write(_ text: String, to terminal: Int32) {
        let bytes = Array(text.utf8)
        // A question that nobody sees can still be answered.
        _ = bytes.withUnsafeBytes { Glibc.write(terminal, $0.baseAddress, $0.count) }
    }
}
