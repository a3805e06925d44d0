/// A name, an address or a path in a command that somebody is advised to type.
///
/// Much of that comes from strangers, so it must be one word to a shell, and nothing that the shell would run.
public enum ShellWord {
    public static func text(_ word: String) -> String {
        if !word.isEmpty, word.utf8.allSatisfy(isPlain) { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }

    /// A path, of which a shell still has to find the home folder.
    static func path(_ path: String) -> String {
        path.hasPrefix("~/") ? "~/" + text(String(path.dropFirst(2))) : text(path)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "._@/-".utf8.contains(byte)
        }
    }
}
