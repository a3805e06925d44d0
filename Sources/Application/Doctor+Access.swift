import Entries
import Machine
import Projections
import SQLite
import Vault

/// Who may come in, and who is told: is what they need still here? A backup holds no secrets, so after it was restored it is not.
extension Doctor {
    mutating func lookAtAccess(_ home: OpenHome) {
        do {
            let (passwords, tokens) = try missing(home)
            if !passwords.isEmpty {
                note(
                    "passwords", .warning,
                    "those of \(passwords.joined(separator: ", ")) are not kept here, as after a backup was restored",
                    passwords.map { "daybook users password \(ShellWord.text($0))" }.joined(separator: "; "))
            }
            if !tokens.isEmpty {
                note(
                    "tokens", .warning,
                    "nothing opens with \(tokens.map { "“\($0)”" }.joined(separator: ", ")), whose secrets are not kept here",
                    "daybook tokens revoke NAME, and issue others for whoever needs them")
            }
        } catch {
            note("access", .failure, "\(error)", "daybook rebuild")
        }
    }

    private func missing(_ home: OpenHome) throws -> (passwords: [String], tokens: [String]) {
        let now = home.options.now()
        let (users, tokens) = try home.views().read { views in
            let users = try views.prepare(
                """
                SELECT account.account, COALESCE(account.name, account.account)
                FROM access_password JOIN account ON account.account = access_password.account
                WHERE account.is_removed = 0 ORDER BY account.name, account.account
                """
            ).map { (id: $0.text(0), name: $0.text(1)) }
            let tokens = try views.prepare(
                """
                SELECT token, COALESCE(access_token.name, token)
                FROM access_token JOIN account ON account.account = access_token.account
                WHERE revoked IS NULL AND (expires IS NULL OR expires > ?) AND is_removed = 0 ORDER BY issued
                """
            ).map(.integer(now)) { (id: $0.text(0), name: $0.text(1)) }
            return (users, tokens)
        }
        guard !users.isEmpty || !tokens.isEmpty else { return ([], []) }
        // Asking for the vault would make one.
        guard Folder.exists(folder.vault) else { return (users.map(\.name), tokens.map(\.name)) }
        return try home.access().state.with { state in
            (
                users.filter { state.passwords[$0.id] == nil }.map(\.name),
                tokens.filter { state.tokens[$0.id] == nil }.map(\.name)
            )
        }
    }

    mutating func lookAtHooks(_ home: OpenHome) {
        do {
            for hook in try home.views().read({ try HookRow.all($0) }) where hook.ended != .removed && hook.isAllowed {
                look(at: hook, home)
            }
        } catch {
            note("hooks", .failure, "\(error)", "daybook rebuild")
        }
    }

    private mutating func look(at hook: HookRow, _ home: OpenHome) {
        let check = "hook “\(hook.name ?? String(hook.hook.prefix(8)))”"
        let again = "daybook hooks remove \(hook.hook.prefix(8)), and hooks add it again"
        if let ended = hook.ended {
            return note(check, .warning, "it is told nothing more: \(ended.rawValue)", again)
        }
        if let code = hook.errorCode {
            let trouble = HookTrouble(code, of: hook)
            return note(
                check, .warning, "it was not told: \(trouble.text)",
                trouble.remedy ?? "daybook hooks says when it is tried again")
        }
        let place = HookSecret.place(hook.hook)
        let names = Folder.exists(folder.vault) ? try? home.vault().names(owner: hook.owner, connection: place) : []
        if let names, names.isEmpty {
            let trouble = HookTrouble("no_secret", of: hook)
            return note(check, .warning, trouble.text, trouble.remedy)
        }
        note(check, .ok, "all was taken that it was told")
    }
}
