public import SQLite

/// The addresses that are the user's: claimed, of the account, of the connections.
public struct OwnAddresses: Sendable {
    /// In the form in which addresses are compared.
    public private(set) var emails: Set<String> = []

    public init(of owner: String, _ views: Connection) throws {
        for sql in [
            "SELECT email FROM address WHERE owner = ? AND claimed_by IS NOT NULL AND email IS NOT NULL",
            "SELECT email FROM account WHERE account = ? AND email IS NOT NULL",
            "SELECT email FROM connection WHERE owner = ? AND email IS NOT NULL",
        ] {
            for email in try views.prepare(sql).map(.text(owner), transform: { $0.text(0) }) {
                emails.insert(email.lowercased())
            }
        }
    }
}
