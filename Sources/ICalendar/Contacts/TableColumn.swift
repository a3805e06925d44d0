/// What a column of an address book means, by the names that Google, Outlook, Apple and Thunderbird give it.
enum TableColumn: Hashable {
    case uid, name, given, middle, family, nickname, organization, title, note
    /// With its number, from 1.
    case address(Int)
    case addressLabel(Int)
    case phone(Int)
    case phoneLabel(Int)

    /// Nil for a column that says nothing that is kept.
    init?(_ header: String) {
        let (word, number) = Self.normalised(header)
        if let column = Self.single[word] {
            // Only organisations are counted; a first name of several belongs to several people.
            guard number == nil || (number == 1 && (column == .organization || column == .title)) else { return nil }
            self = column
        } else if Self.addressWords.contains(word) {
            self = .address(number ?? 1)
        } else if ["email-type", "email-label"].contains(word) {
            self = .addressLabel(number ?? 1)
        } else if ["phone-type", "phone-label"].contains(word) {
            self = .phoneLabel(number ?? 1)
        } else if let rank = Self.phoneWords.firstIndex(of: word) {
            self = .phone(rank == 0 ? number ?? 1 : 1_000 + rank * 100 + (number ?? 1))
        } else {
            return nil
        }
    }

    /// Somebody can be known by it.
    var tellsWho: Bool {
        switch self {
        case .name, .given, .family, .address: true
        default: false
        }
    }

    /// `E-mail 2 Address` as `email-address` and 2: small letters, with a dash between words, without the number.
    private static func normalised(_ header: String) -> (word: String, number: Int?) {
        var words: [String] = [""]
        var digits = ""
        for scalar in header.lowercased().unicodeScalars {
            if scalar.properties.isAlphabetic {
                words[words.count - 1].unicodeScalars.append(scalar)
            } else if scalar.value >= 48, scalar.value <= 57 {
                if digits.utf8.count < 4 { digits.unicodeScalars.append(scalar) }
            } else if words.last?.isEmpty == false {
                words.append("")
            }
        }
        let word = words.filter { !$0.isEmpty }.joined(separator: "-")
        return (word.replacing("e-mail", with: "email"), Int(digits))
    }

    private static let single: [String: TableColumn] = [
        "uid": .uid,
        "name": .name, "full-name": .name, "display-name": .name, "fullname": .name, "anzeigename": .name,
        "nom-complet": .name, "email-display-name": .name,
        "given-name": .given, "first-name": .given, "firstname": .given, "forename": .given, "vorname": .given,
        "prénom": .given, "voornaam": .given, "nombre": .given, "nome": .given, "first": .given,
        "additional-name": .middle, "middle-name": .middle, "weitere-vornamen": .middle,
        "deuxième-prénom": .middle, "middelste-naam": .middle, "segundo-nombre": .middle,
        "family-name": .family, "last-name": .family, "lastname": .family, "surname": .family, "nachname": .family,
        "nom": .family, "nom-de-famille": .family, "achternaam": .family, "apellidos": .family, "cognome": .family,
        "last": .family,
        "nickname": .nickname, "spitzname": .nickname, "surnom": .nickname, "bijnaam": .nickname,
        "organization": .organization, "organization-name": .organization, "company": .organization,
        "firma": .organization, "société": .organization, "bedrijf": .organization, "organización": .organization,
        "società": .organization,
        "job-title": .title, "organization-title": .title, "position": .title, "fonction": .title,
        "functie": .title, "cargo": .title,
        "notes": .note, "note": .note, "notizen": .note, "notities": .note, "notas": .note,
    ]

    private static let addressWords: Set<String> = [
        "email", "email-address", "email-value", "primary-email", "secondary-email", "mail", "email-adresse",
        "emailadres", "email-adres", "adresse-de-messagerie", "adresse-email", "email-addresses",
        "dirección-de-correo-electrónico", "correo-electrónico", "indirizzo-posta-elettronica", "home-email",
        "work-email", "other-email", "email-adresa",
    ]

    /// Of several, the first is the most likely to be answered.
    private static let phoneWords = [
        "phone-value", "mobile-phone", "mobile-number", "mobiltelefon", "mobiele-telefoon", "tél-mobile",
        "teléfono-móvil", "cellulare", "phone", "telephone", "telefon", "business-phone", "work-phone",
        "telefon-geschäftlich", "home-phone", "telefon-privat", "other-phone", "primary-phone",
    ]
}
