import Matching
import Projections
import SQLite
import Sync

extension OpenHome {
    /// A person of a user by id, the beginning of the id, an address, or a name: the whole name first, then a part of it.
    func person(_ named: String, of viewer: Viewer) throws -> String {
        if let email = MailAddress(named)?.text, let person = try person(withAddress: email, viewer) { return person }
        // A program names the whole id, and everybody need not be read for that.
        let known = try views().read { views in
            try views.prepare("SELECT person FROM person WHERE owner = ? AND person = ? AND merged_into IS NULL")
                .first(.text(viewer.user), .text(named)) { $0.text(0) }
        }
        if let known { return known }
        let all = try views().read { views in
            try views.prepare(
                """
                SELECT person, COALESCE(name, ''), COALESCE(folded_name, '') FROM person
                WHERE owner = ? AND merged_into IS NULL ORDER BY folded_name, person
                """
            ).map(.text(viewer.user)) { ($0.text(0), $0.text(1), $0.text(2)) }
        }
        let folded = Folding.fold(named)
        let exact = all.filter { !folded.isEmpty && $0.2 == folded }
        if exact.count == 1 { return exact[0].0 }
        if exact.count > 1 { throw Finding.ambiguous(named, exact.map { ($0.0, $0.1) }, "person") }
        let words = folded.split(separator: " ")
        let byWords = all.filter { person in
            let parts = person.2.split(separator: " ")
            return !words.isEmpty && words.allSatisfy { word in parts.contains { $0.hasPrefix(word) } }
        }
        if byWords.count == 1 { return byWords[0].0 }
        if byWords.count > 1 { throw Finding.ambiguous(named, byWords.map { ($0.0, $0.1) }, "person") }
        return try Finding.one(
            named, of: all.map { ($0.0, $0.1) }, "person", hint: "“daybook people” lists everybody whom you know.")
    }

    private func person(withAddress email: String, _ viewer: Viewer) throws -> String? {
        let address = desk().names.address(viewer.user, email: email)
        let found = try views().read { views in
            try views.prepare("SELECT person FROM person_address WHERE address = ? ORDER BY person")
                .map(.text(address)) { $0.text(0) }
        }
        guard found.count > 1 else { return found.first }
        throw Refusal(
            .badRequest, "\(found.count) people have the address \(email): \(found.joined(separator: ", "))",
            hint: "Give the id of one, or merge them: daybook people merge")
    }

    /// An address that came up, by its id or as it is written.
    func address(_ text: String, of viewer: Viewer) throws -> String? {
        let id = MailAddress(text).map { desk().names.address(viewer.user, email: $0.text) } ?? text
        return try views().read { views in
            try views.prepare("SELECT address FROM address WHERE owner = ? AND address = ?")
                .first(.text(viewer.user), .text(id)) { $0.text(0) }
        }
    }
}
