"""What the demo's people are called and what they ask, in the language of the session."""

NAMES = (
    "Maja, Jokkmokk",
    "Per, Säffle",
    "Amina, Malmö",
    "Kerstin, Åre",
    "Ali, Borlänge",
    "Signe, Visby",
    "Jonas, Umeå",
    "Fatima, Örebro",
    "Elsa, Luleå",
    "Henrik, Eksjö",
    "Noor, Jönköping",
    "Lars-Åke, Pajala",
)

CHAIRS = ("Astrid, Göteborg", "Ibrahim, Falun", "Tove, Kiruna", "Göran, Kalmar", "Samira, Uppsala")
"""Who moderates: nobody who takes part may have the name of one of them."""

QUESTIONS = {
    "sv": (
        "Hur kom ni i gång när det inte fanns några pengar?",
        "Vad skulle ni göra annorlunda om ni fick börja om?",
        "Hur får man med dem som aldrig kommer på möten?",
        "Går det att göra det här i en kommun med 3 000 invånare?",
        "Hur mäter ni att det blev bättre, och för vem?",
        "Vem äger resultatet när projektet är slut?",
        "Finns det ni har visat att ladda ner någonstans?",
        "Hur många timmar i veckan är ideella?",
        "Vad säger de unga själva om det här?",
        "Hur gjorde ni med upphandlingen?",
        "Vilka misslyckanden har ni lärt er mest av?",
        "Hur håller man liv i det efter det första året?",
    ),
    "en": (
        "How did you get started without any money?",
        "What would you do differently if you could begin again?",
        "How do you reach people who never come to meetings?",
        "Would this work in a municipality of 3,000 people?",
        "How do you measure that things got better, and for whom?",
        "Who owns the result when the project ends?",
        "Can we download what you have shown?",
        "How many hours a week are voluntary?",
        "What do the young people themselves say?",
        "How did you handle procurement?",
        "Which failure taught you the most?",
        "How do you keep it alive after the first year?",
    ),
}

OPENERS = {
    "sv": (
        "",
        "Vi är en liten kommun i inlandet.",
        "Jag arbetar i en förening i förorten.",
        "Tack, det här var nytt för mig!",
        "Jag är lärare och undrar:",
        "Från en region som just har börjat:",
        "Vi försökte samma sak för tre år sedan.",
    ),
    "en": (
        "",
        "We are a small inland municipality.",
        "I work for an association in a suburb.",
        "Thank you, this was new to me!",
        "I am a teacher, and I wonder:",
        "From a region that has just begun:",
        "We tried the same three years ago.",
    ),
}
"""What some people say before they ask."""
