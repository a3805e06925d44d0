import Secrets

/// Which passwords are taken: long ones that are not among the first that anybody would guess. What they are made of is
/// nobody's business.
enum PasswordRules {
    /// Fewer can be tried one after the other by whoever has the hash.
    static let leastCharacters = 12
    /// More says nothing more, and costs time to read.
    static let mostBytes = 1_024
    /// What is left of a password without the name of its user has to be something by itself.
    private static let leastBesideName = 8

    static func check(_ password: Secret, name: String?, email: String?) throws {
        guard password.byteCount <= mostBytes else {
            throw refused("the password is longer than \(mostBytes) bytes", "A sentence is long enough.")
        }
        try password.reveal { text in
            guard text.count >= leastCharacters else {
                throw refused(
                    "the password has fewer than \(leastCharacters) characters",
                    "Four or five words that have nothing to do with each other are easy to keep in mind.")
            }
            guard !isCommon(text) else {
                throw refused("the password is one of the first that anybody would try", "Take one of your own.")
            }
            guard !isName(text, [name, email].compactMap(\.self)) else {
                throw refused("the password is hardly more than the user's name or address", "Take something else.")
            }
        }
    }

    private static func refused(_ message: String, _ hint: String) -> Refusal {
        Refusal(.badRequest, message, hint: hint)
    }

    private static func isCommon(_ text: String) -> Bool {
        let lower = text.lowercased()
        if Set(lower).count == 1 { return true }
        let plain = lower.filter { $0.isLetter || $0.isNumber }
        return common.contains(plain) || sequences.contains { $0.contains(plain) }
    }

    private static func isName(_ text: String, _ names: [String]) -> Bool {
        var rest = text.lowercased()
        let words = names.flatMap { name in
            let lower = name.lowercased()
            return [lower] + lower.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        }
        let found = words.filter { $0.count >= 3 && rest.contains($0) }.sorted { $0.count > $1.count }
        if found.isEmpty { return false }
        for word in found { rest = rest.split(separator: word, omittingEmptySubsequences: true).joined() }
        return rest.count < leastBesideName
    }

    /// Of the lists of passwords that were stolen most often: those that are long enough, without what stands between
    /// their letters.
    private static let common: Set<String> = [
        "password1234", "password12345", "password123456", "passwordpassword", "passw0rd1234", "p4ssw0rd1234",
        "administrator", "administrador", "adminadminadmin", "admin1234567", "admin12345678", "changeme1234",
        "changemechangeme", "letmeinletmein", "letmein12345", "welcome12345", "welcome123456", "welcomewelcome",
        "iloveyou1234", "iloveyouiloveyou", "qwerty123456", "qwertyqwerty", "qwerty1234567", "1q2w3e4r5t6y",
        "1qaz2wsx3edc", "1qaz2wsx3edc4rfv", "zaq12wsxcde3", "qazwsxedcrfv", "q1w2e3r4t5y6", "abc123abc123",
        "123123123123", "123412341234", "121212121212", "112233445566", "123321123321", "monkeymonkey",
        "dragondragon", "football1234", "sunshine1234", "princess1234", "correcthorsebatterystaple", "trustno1trustno1",
        "daybookdaybook", "daybook12345", "geheimgeheim", "passwort1234", "passwortpasswort", "hallohallohallo",
        "motdepasse12", "contrasena12", "unknownunknown", "testtesttest", "test12345678", "secretsecret",
    ]

    private static let sequences = [
        "01234567890123456789012345", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiopasdfghjklzxcvbnm",
        "qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn",
    ]
}
