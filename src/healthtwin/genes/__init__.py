"""x"""
from healthtwin.genes.knowledge import starter
from healthtwin.genes.phenotype import assign_phenotype
