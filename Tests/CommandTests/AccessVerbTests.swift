import Foundation
import Testing

/// Users, passwords and tokens from the command line.
@Suite struct AccessVerbTests {
    @Test func `a password comes from a file, a command or standard input, and is never shown`() throws {
        let program = try RunningProgram()
        try program.write("four words in a row\n", to: program.path("secret"))
        #expect(try program.shell("chmod 600 secret").status == 0)
        for words in [
            "--password-file secret", "--password-command 'cat secret'", "--password-fd 0 --json < secret",
        ] {
            let ended = try program.shell("daybook users password 'Ada Brandt' \(words)")
            #expect(ended.status == 0, "\(ended.error)")
            #expect(!(ended.output + ended.error).contains("four words"))
        }
        #expect(try program.run("users").output.contains("set"))
        let refused = try program.shell("echo short | daybook users password 'Ada Brandt' --password-fd 0")
        #expect(refused.status == 2 && refused.error.contains("fewer than 12 characters"))
        #expect(!refused.error.contains("short"))
        #expect(try program.shell("daybook users password Nobody --password-file secret").status == 1)
    }

    @Test func `T8 a token goes to standard output alone, once`() throws {
        let program = try RunningProgram()
        let issued = try program.run("tokens", "issue", "Dashboard", "--scope", "read,metrics")
        #expect(issued.status == 0, "\(issued.error)")
        #expect(issued.lines.count == 1 && issued.output.hasPrefix("dbk_"))
        let token = issued.output.filter { !$0.isNewline }
        #expect(!issued.error.contains(token) && issued.error.contains("not shown again"))
        let listed = try program.run("tokens")
        #expect(listed.output.contains("Dashboard") && listed.output.contains("metrics, read"))
        #expect(try program.run("tokens", "list", "--json").output.contains("is_live"))
        #expect(!listed.output.contains(token))
        #expect(try program.run("log").output.contains("token.issued"))
        #expect(try program.run("tokens", "issue", "Dashboard").status == 1)
        #expect(try program.run("tokens", "issue", "Other", "--scope", "everything").status == 2)
        #expect(try program.run("tokens", "revoke", "Dashboard").status == 0)
        #expect(try program.run("tokens", "revoke", "Dashboard").status == 1)
        #expect(try program.run("tokens").output.contains("There is no token"))
        #expect(try program.run("tokens", "list", "--ended").output.contains("revoked"))
    }

    @Test func `a user is changed and removed, but not the last admin, and not without a word`() throws {
        let program = try RunningProgram()
        #expect(try program.run("users", "add", "Grace").status == 0)
        let edited = try program.run("users", "edit", "Grace", "--zone", "Europe/London", "--role", "admin")
        #expect(edited.status == 0 && edited.output.contains("Changed Grace: zone, role."))
        #expect(
            try program.run("users", "edit", "Grace", "--zone", "Europe/London").output.contains("nothing was changed"))
        #expect(try program.run("users", "edit", "Grace", "--role", "member").status == 0)
        let last = try program.run("users", "remove", "Ada Brandt", "--yes")
        #expect(last.status == 1 && last.error.contains("the last admin"))
        let preview = try program.run("users", "remove", "Grace", "--dry-run")
        #expect(preview.output.contains("Would remove Grace, with 0 connections, 0 tokens and 0 sessions."))
        #expect(try program.run("users", "remove", "Grace").status == 2)
        #expect(try program.run("users", "remove", "Grace", "--yes", "--json").output.contains("daybook.user_removed"))
        #expect(!(try program.run("users").output.contains("Grace")))
    }
}
