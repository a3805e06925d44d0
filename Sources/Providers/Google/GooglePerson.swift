import ICalendar

/// One contact as Google holds it: several names, organizations and so on, of which one is the first.
struct GooglePerson {
    /// The name that it goes by at Google, `people/c1`.
    let name: String
    let formerNames: [String]
    /// Nil for one that is deleted, or has nothing to be known by.
    let contact: Contact?

    init?(_ fields: JSONObject) {
        guard let name = fields.text("resourceName"), Longest.isIdentifier(name) else { return nil }
        self.name = name
        let metadata = fields.object("metadata")
        formerNames = metadata?.texts("previousResourceNames").filter(Longest.isIdentifier) ?? []
        contact = metadata?.boolean("deleted") == true ? nil : Self.contact(fields, name)
    }

    private static func contact(_ fields: JSONObject, _ uid: String) -> Contact? {
        var contact = Contact()
        contact.uid = uid
        if let name = ordered(fields, "names").first {
            contact.name = name.text("displayName") ?? name.text("unstructuredName") ?? ""
            contact.given = name.text("givenName")
            contact.family = name.text("familyName")
            if let middle = name.text("middleName") { contact.addOtherName(middle) }
        }
        for nickname in ordered(fields, "nicknames") {
            if let text = nickname.text("value") { contact.addOtherName(text) }
        }
        for address in ordered(fields, "emailAddresses") {
            if let text = address.text("value") { contact.addAddress(text, label: label(address)) }
        }
        for phone in ordered(fields, "phoneNumbers") {
            if let text = phone.text("value") { contact.addPhone(text, label: label(phone)) }
        }
        let organization = ordered(fields, "organizations").first { $0.boolean("current") != false }
        contact.organization = organization?.text("name")
        contact.title = organization?.text("title")
        contact.revision = Longest.mark(fields.text("etag"))
        contact.completeName()
        return contact.isSomebody ? contact : nil
    }

    /// The first one first: Google says which it is, and not by its place.
    private static func ordered(_ fields: JSONObject, _ name: String) -> [JSONObject] {
        let all = fields.objects(name)
        let isFirst = { (object: JSONObject) in object.object("metadata")?.boolean("primary") == true }
        return all.filter(isFirst) + all.filter { !isFirst($0) }
    }

    private static func label(_ fields: JSONObject) -> String? { fields.text("type") ?? fields.text("formattedType") }
}
