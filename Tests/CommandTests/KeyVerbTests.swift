import Foundation
import Testing

/// The master key, from the outside.
@Suite struct KeyVerbTests {
    private func document(_ ended: RunningProgram.Ended) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(ended.output.utf8)) as? [String: Any])
    }

    @Test func `L65 key rotate puts another key in the place of the one in the home, after a word`() throws {
        let program = try RunningProgram()
        let old = program.text(program.home + "/master.key")
        let unasked = try program.run("key", "rotate")
        #expect(unasked.status == 2)
        #expect(unasked.error.contains("--yes"))
        #expect(program.text(program.home + "/master.key") == old)
        let before = try document(program.run("key", "show", "--json"))
        let rotated = try program.run("key", "rotate", "--yes", "--old-key-file", "old.key")
        #expect(rotated.status == 0, "\(rotated.error)")
        #expect(program.text(program.path("old.key")) == old)
        let new = program.text(program.home + "/master.key")
        #expect(new != old && new.contains("\nnames ") && new.contains("\nsigning "))
        let after = try document(program.run("key", "--json"))
        #expect(after["key_id"] as? String != before["key_id"] as? String)
        #expect(after["origin"] as? String == program.home + "/master.key")
        #expect(after["rotated_at"] != nil)
        #expect(try program.run("verify").status == 0)
        for ended in [rotated, try program.run("key"), try program.run("key", "rotate", "--yes", "--json")] {
            for line in (old + new).split(whereSeparator: \.isWhitespace) where line.count == 64 {
                #expect(!(ended.output + ended.error).contains(line.prefix(16)))
            }
        }
    }

    @Test(arguments: ["DAYBOOK_MASTER_KEY_FILE", "DAYBOOK_MASTER_KEY", "CREDENTIALS_DIRECTORY"])
    func `L65 a key from elsewhere is written to a file, and belongs into its place after that`(
        _ variable: String
    ) throws {
        let program = try RunningProgram()
        let folder = program.path("credentials")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let elsewhere = folder + "/daybook-master-key"
        try FileManager.default.moveItem(atPath: program.home + "/master.key", toPath: elsewhere)
        func place(_ file: String) -> [String: String] {
            switch variable {
            case "DAYBOOK_MASTER_KEY_FILE": [variable: file]
            // Lines may be joined where a variable holds one.
            case "DAYBOOK_MASTER_KEY": [variable: program.text(file).split(separator: "\n").joined(separator: " ")]
            default: [variable: folder]
            }
        }
        let refused = try program.run("key", "rotate", "--yes", with: place(elsewhere))
        #expect(refused.status == 2)
        #expect(refused.error.contains("--new-key-file"))
        let rotated = try program.run("key", "rotate", "--yes", "--new-key-file", "new.key", with: place(elsewhere))
        #expect(rotated.status == 0, "\(rotated.error)")
        #expect(rotated.error.contains(program.path("new.key")))
        let attributes = try FileManager.default.attributesOfItem(atPath: program.path("new.key"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(!FileManager.default.fileExists(atPath: program.home + "/master.key"))
        // Until the new one is given, the ledger can be read, and it is said why the vault cannot.
        let early = try program.run("log", with: place(elsewhere))
        #expect(early.status == 0)
        #expect(early.error.contains("was sealed with the key"))
        let again = try program.run("key", "rotate", "--yes", "--new-key-file", "new.key", with: place(elsewhere))
        #expect(again.status == 12, "\(again.error)")
        try FileManager.default.removeItem(atPath: elsewhere)
        try FileManager.default.moveItem(atPath: program.path("new.key"), toPath: elsewhere)
        let ended = try program.run("key", with: place(elsewhere))
        #expect(ended.status == 0)
        #expect(ended.error == "")
        #expect(try program.run("verify", with: place(elsewhere)).status == 0)
    }

    @Test func `a file for the new key that is there is taken only if a rotation has left it`() throws {
        let program = try RunningProgram()
        try FileManager.default.moveItem(atPath: program.home + "/master.key", toPath: program.path("old.key"))
        let place = ["DAYBOOK_MASTER_KEY_FILE": program.path("old.key")]
        try program.write(String(repeating: "a", count: 64), to: program.path("new.key"))
        let refused = try program.run("key", "rotate", "--yes", "--new-key-file", "new.key", with: place)
        #expect(refused.status == 1)
        #expect(refused.error.contains("new.key"))
        // As if it had been killed after it was written: it names and signs as the one in use.
        let kept = """
            \(String(repeating: "c", count: 64))
            names \(String(repeating: "d", count: 64))
            signing \(String(repeating: "e", count: 64))
            """
        try program.write(kept, to: program.path("new.key"))
        #expect(try program.run("key", "rotate", "--yes", "--new-key-file", "new.key", with: place).status == 1)
        try FileManager.default.removeItem(atPath: program.path("new.key"))
        let other = try program.run("key", "rotate", "--yes", "--new-key-file", "new.key", with: place)
        #expect(other.status == 0)
        // The vault of a copy of before: the same file is taken once more.
        for file in ["vault.db", "vault.db-wal"] {
            try? FileManager.default.removeItem(atPath: program.home + "/" + file)
        }
        let text = program.text(program.path("new.key"))
        #expect(try program.run("key", "rotate", "--yes", "--new-key-file", "new.key", with: place).status == 0)
        #expect(program.text(program.path("new.key")) == text)
        #expect(try program.run("key", with: ["DAYBOOK_MASTER_KEY_FILE": program.path("new.key")]).error == "")
    }
}
