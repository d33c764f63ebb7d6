"""French words of the measured book, including difficult ones: accents, elisions, compounds, long words."""

# ---- nouns, by gender ----

MASCULINE = """
    chemin jardin village voyageur marin capitaine livre manuscrit carnet navire port phare rivage soleil matin soir
    printemps hiver vent orage silence souvenir regard visage geste pas escalier couloir grenier mur toit clocher
    marché boulanger médecin notaire instituteur maître élève voisin cousin frère oncle grand-père étranger homme
    garçon peuple royaume empire traité dessin tableau portrait musée théâtre opéra violon piano chant poème roman
    récit conte mot dictionnaire alphabet langage discours argument raisonnement théorème calcul nombre problème
    exemple principe système modèle moteur mécanisme appareil instrument microscope télescope laboratoire chercheur
    résultat rapport document formulaire règlement contrat tribunal jugement avocat témoin secret mystère danger
    courage amour chagrin bonheur désespoir rêve sommeil réveil repas pain fromage vin verre couteau panier cheval
    chien oiseau loup renard arbre chêne tilleul bois sentier rocher torrent lac fleuve pont quai train wagon billet
    départ retour passage détour horizon nuage brouillard éclair reflet
""".split()

FEMININE = """
    maison fenêtre porte chambre cuisine cheminée lampe bougie lettre page phrase plume encre bibliothèque école leçon
    classe question réponse idée pensée mémoire parole voix chanson mélodie danse fête place rue ruelle ville campagne
    montagne colline vallée rivière source mer vague île plage falaise barque voile tempête pluie neige saison année
    semaine journée nuit aube heure minute horloge montre clef serrure armoire table chaise nappe assiette bouteille
    soupe pomme orange châtaigne forêt branche feuille racine fleur rose herbe prairie ferme grange étable vache
    brebis hirondelle abeille fourmi sœur mère tante grand-mère fille femme reine princesse servante couturière
    infirmière historienne géographe science physique chimie médecine méthode hypothèse expérience mesure quantité
    proportion équation figure courbe surface machine roue corde poulie balance lumière couleur ombre image
    photographie peinture sculpture église cathédrale prière légende croyance tradition coutume loi justice liberté
    égalité révolution guerre bataille victoire défaite paix frontière patrie république assemblée administration
    ordonnance preuve vérité erreur illusion douleur tristesse joie espérance tendresse colère patience
""".split()

# Masculine and feminine form.
_ADJECTIVES = """
    ancien:ancienne lent:lente rapide:rapide profond:profonde clair:claire sombre:sombre lointain:lointaine
    étrange:étrange familier:familière silencieux:silencieuse mystérieux:mystérieuse précieux:précieuse
    fragile:fragile solide:solide immense:immense étroit:étroite léger:légère lourd:lourde discret:discrète
    public:publique officiel:officielle naturel:naturelle essentiel:essentielle habituel:habituelle
    exceptionnel:exceptionnelle remarquable:remarquable admirable:admirable incompréhensible:incompréhensible
    vraisemblable:vraisemblable extraordinaire:extraordinaire contemporain:contemporaine méditerranéen:méditerranéenne
    provincial:provinciale parisien:parisienne breton:bretonne normand:normande occidental:occidentale
    général:générale particulier:particulière inattendu:inattendue perdu:perdue oublié:oubliée abandonné:abandonnée
    restauré:restaurée fatigué:fatiguée inquiet:inquiète heureux:heureuse malheureux:malheureuse généreux:généreuse
    orgueilleux:orgueilleuse attentif:attentive définitif:définitive successif:successive expressif:expressive
    vif:vive froid:froide tiède:tiède humide:humide désert:déserte paisible:paisible invisible:invisible
    indispensable:indispensable scientifique:scientifique poétique:poétique géographique:géographique
    historique:historique économique:économique mathématique:mathématique
""".split()
ADJECTIVES = [tuple(pair.split(":")) for pair in _ADJECTIVES]

# ---- verbs, adverbs, connectives ----

VERBS = """
    traversait regardait écoutait contemplait découvrait cherchait retrouvait abandonnait rappelait évoquait décrivait
    racontait annonçait révélait dissimulait éclairait gouvernait dominait menaçait protégeait accompagnait suivait
    précédait attendait espérait redoutait ignorait connaissait comprenait expliquait démontrait justifiait
    transformait bouleversait construisait détruisait réparait conservait transmettait recevait acceptait refusait
    imaginait dessinait mesurait comparait distinguait rassemblait dispersait franchissait
""".split()

IMPERSONAL = [
    "il faut", "on doit", "il convient de", "il était impossible de", "nul ne pouvait", "chacun savait",
    "il fallait bien", "on aurait voulu", "personne n'osait", "il restait à",
]
INFINITIVES = """
    comprendre reconnaître observer décrire traverser retrouver conserver transmettre interroger accepter refuser
    imaginer mesurer comparer distinguer expliquer oublier rappeler surveiller protéger recommencer poursuivre
    interrompre réfléchir attendre espérer choisir renoncer avertir convaincre
""".split()
ADVERBS = """
    lentement doucement soudain parfois souvent rarement toujours jamais ailleurs autrefois désormais aussitôt bientôt
    naguère volontiers presque exactement approximativement vraisemblablement particulièrement malheureusement
    heureusement silencieusement progressivement définitivement
""".split()
CONNECTIVES = [
    "Cependant", "Toutefois", "Pourtant", "Néanmoins", "D'ailleurs", "En effet", "Ainsi", "Par conséquent", "De même",
    "Au contraire", "Dès lors", "En somme", "À vrai dire", "Quelques jours plus tard", "Ce matin-là",
    "Vers la fin de l'automne", "Depuis longtemps", "Malgré tout", "À l'inverse", "Peu à peu", "Contre toute attente",
    "Au fond", "Tout d'abord", "Enfin", "L'année suivante",
]
PREPOSITIONS = [
    "dans", "sur", "sous", "devant", "derrière", "vers", "près de", "au-delà de", "à travers", "parmi", "contre",
    "malgré", "avec", "sans", "selon", "pendant", "après", "avant", "autour de", "au milieu de",
]
CONJUNCTIONS = [
    "tandis que", "parce que", "lorsque", "pendant que", "alors que", "puisque", "avant même que", "si bien que",
    "de sorte que", "comme",
]
SAID = """
    dit murmura répondit s'écria reprit demanda ajouta soupira
""".split()
ASKED = ["demanda", "s'étonna", "insista"]

# ---- names ----

FIRST_NAMES = """
    Adélaïde Barthélemy Célestine Désiré Éléonore François Geneviève Hippolyte Isabelle Jérôme Léocadie Maëlle Noël
    Océane Philippe Raphaël Solène Théodore Ursule Zoé
""".split()
LAST_NAMES = [
    "Lefèvre", "Beaumarchais", "Duchêne", "Rousselière", "Montgolfier", "Châteauneuf", "d'Aubigné", "Kergoat",
    "Le Goff", "Mazières", "Saint-Cyr", "Vauquelin", "Poincaré", "Ampère", "Lavoisier",
]
PLACES = """
    Concarneau Besançon Clermont-Ferrand Saint-Étienne Nîmes Orléans Châlons-en-Champagne Angoulême Périgueux Béziers
    Mâcon Vendôme Évreux Alençon Quimperlé L'Haÿ-les-Roses
""".split()

VOWELS = "aeiouyâàéèêëîïôûùœæhAEIOUYÉÈÊÎÔÀŒH"
