public import Matching
public import SQLite

/// The people of a user as the matcher wants them.
public enum KnownPeople {
    public static func all(of owner: String, _ views: Connection) throws -> [Person] {
        try read(
            "person.owner = ? AND person.merged_into IS NULL", .text(owner), views)
    }

    public static func some(_ ids: some Sequence<String>, _ views: Connection) throws -> [Person] {
        try ids.flatMap { try read("person.person = ? AND person.merged_into IS NULL", .text($0), views) }
    }

    private static func read(_ condition: String, _ value: Value, _ views: Connection) throws -> [Person] {
        var people: [Person] = []
        try views.prepare(
            """
            SELECT person.person, person.name, person.given_name, person.other_names, address.email
            FROM person
                LEFT JOIN person_address ON person_address.person = person.person
                LEFT JOIN address ON address.address = person_address.address
            WHERE \(condition)
            ORDER BY person.person, person_address.number, person_address.address
            """
        ).eachRow(value) { row in
            let id = row.text(0)
            if people.last?.id != id {
                people.append(
                    Person(
                        id: id, name: row.textIfPresent(1), givenName: row.textIfPresent(2),
                        otherNames: JSONList.texts(row.textIfPresent(3))))
            }
            if let email = row.textIfPresent(4) { people[people.count - 1].addresses.append(email) }
        }
        return people
    }
}
