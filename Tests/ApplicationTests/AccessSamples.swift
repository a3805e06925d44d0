import Secrets

@testable import Application

/// A request of each kind about who may come in, in an order in which each can be answered.
enum AccessSamples {
    /// They follow `DecidingSamples`.
    static var requests: [any Request] {
        var issue = IssueTokenRequest(user: nil, tokenName: "Dashboard", scopes: ["read", "metrics"])
        issue.expires = 4_000_000_000_000
        var tokens = TokensRequest(user: nil)
        (tokens.isOfAll, tokens.withEnded) = (true, true)
        var change = ChangeUserRequest(user: nil, account: "Zoe")
        (change.newName, change.email, change.zone, change.role) = ("Zoë", "zoe@own.example", "Europe/Paris", "admin")
        var remove = RemoveUserRequest(user: nil, account: "Zoë")
        remove.note = "Left."
        return [
            AddUserRequest(user: nil, newName: "Zoe"),
            SetPasswordRequest(user: nil, account: "Zoe", password: Confided(Secret("four words in a row"))), issue,
            tokens, RevokeTokenRequest(user: nil, token: "Dashboard"), change, remove,
        ]
    }
}
