/// Everything that can be asked over HTTP.
public enum Routes {
    public static let all: [Route] =
        connections + calendars + meetings + people + matches + activities + readings + settings + ledger + operations

    /// Where all of version 1 lies.
    static let root = "/api/v1"
}
