/// Names of people and firms that do not exist, and what their meetings are called.
enum Names {
    private static let given = [
        "Ada", "Bruno", "Carla", "Dario", "Élise", "Fatima", "Gregor", "Hana", "Igor", "Júlia", "Kofi", "Lena", "Mateo",
        "Nadia", "Oskar", "Priya", "Quentin", "Rosa", "Søren", "Tomás", "Uma", "Vera", "Wanda", "Xenia", "Yusuf", "Zoë",
    ]
    private static let family = [
        "Almeida", "Brandt", "Castro", "Dvořák", "Eriksen", "Fontaine", "Grünwald", "Haddad", "Ivanova", "Jansen",
        "Kowalski", "Lindqvist", "Moreau", "Nakamura", "Okafor", "Petrov", "Quiroga", "Rossi", "Şahin", "Teixeira",
    ]
    private static let firms = ["Northwind", "Larch & Pine", "Bluefold", "Kestrel", "Terrazzo", "Quayside", "Ostinato"]
    private static let titles = [
        "Quarterly review", "Offer for the roof", "Coffee", "Planning", "Handover", "Contract, second reading",
        "Weekly", "Kick-off", "Walk through the site", "Interview",
    ]

    static func person(_ chance: inout Chance) -> String { chance.pick(given) + " " + chance.pick(family) }

    static func firm(_ chance: inout Chance) -> String { chance.pick(firms) }

    static func domain(_ chance: inout Chance) -> String { "example-\(chance.below(50)).org" }

    static func title(_ chance: inout Chance) -> String {
        chance.happens(50) ? chance.pick(titles) : chance.pick(titles) + " with " + chance.pick(firms)
    }

    static func sentence(_ chance: inout Chance) -> String {
        "Please bring the figures of last quarter, and \"the other\" list.\nWe meet at \(8 + chance.below(9)):00."
    }
}
