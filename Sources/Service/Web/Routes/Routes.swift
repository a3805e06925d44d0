/// Everything that can be asked over HTTP.
public enum Routes {
    public static let all: [Route] =
        sessions + access + hooks + conflicts + connections + calendars + meetings + people + matches + activities
        + readings
        + settings
        + ledger + operations

    /// Whether what is sent there is a file and not what a person typed.
    static func takesFile(_ method: String, _ path: String) -> Bool {
        files.contains { $0.method.rawValue == method && $0.template == path }
    }

    private static let files = all.filter { if case .file = $0.body { true } else { false } }

    /// Where all of version 1 lies.
    static let root = "/api/v1"
}
